#include "compare/report/json_parts.h"

#include "compare/report/tool_version.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {

using nlohmann::ordered_json;

ordered_json jsonNumber(std::optional<double> value)
{
    return value && std::isfinite(*value) ? ordered_json(*value) : ordered_json();
}

namespace {
/// The innermost frame of the user's own code, else the innermost of any.
ordered_json jsonSource(const Node &node)
{
    if (node.source.empty()) {
        return nullptr;
    }
    const auto user = std::find_if(node.source.begin(), node.source.end(), isUserFrame);
    const SourceFrame &frame = user == node.source.end() ? node.source.front() : *user;
    return {{"file", frame.file},
            {"line", frame.line == 0 ? ordered_json() : ordered_json(frame.line)}};
}

ordered_json jsonShape(const std::optional<Shape> &shape)
{
    if (!shape) {
        return nullptr;
    }
    auto out = ordered_json::array();
    for (const std::int64_t extent : *shape) {
        out.push_back(extent < 0 ? ordered_json() : ordered_json(extent));
    }
    return out;
}

ordered_json jsonOps(const Graph &graph, const std::vector<NodeId> &nodes)
{
    auto out = ordered_json::array();
    for (const NodeId node : nodes) {
        out.push_back(graph.displayName(node));
    }
    return out;
}
} // namespace

ordered_json jsonValue(const Graph &graph, ValueId value, NodeId node, const TensorInfo *captured)
{
    const Value &what = graph.value(value);
    ordered_json out;
    out["value"] = graph.qualifiedName(value);
    out["node"] = node.isValid() ? ordered_json(graph.displayName(node)) : ordered_json();
    out["op_type"] = node.isValid() ? ordered_json(graph.node(node).opType) : ordered_json();
    out["module"] = node.isValid() ? graph.module(graph.node(node).module).path : std::string();
    out["shape"] = jsonShape(captured != nullptr ? std::optional(captured->shape) : what.shape);
    const DType dtype = captured != nullptr ? captured->dtype : what.dtype;
    out["dtype"] = dtype == DType::Undefined ? ordered_json() : ordered_json(dtypeName(dtype));
    out["source"] = node.isValid() ? jsonSource(graph.node(node)) : ordered_json();
    return out;
}

ordered_json jsonPoint(const Graph &baseline, const Graph &candidate, const Alignment &alignment,
                       SyncPointId id)
{
    const SyncPoint &point = alignment.point(id);
    ordered_json out;
    out["id"] = id.index();
    out["baseline"] = jsonValue(baseline, point.reference, point.referenceNode, nullptr);
    out["candidate"] = jsonValue(candidate, point.candidate, point.candidateNode, nullptr);
    out["transform"] = toText(point.transform);
    out["match"] = {{"rule", point.match.rule},
                    {"confidence", jsonNumber(point.match.confidence)},
                    {"evidence", point.match.evidence}};
    out["absorbed"] = {{"baseline", jsonOps(baseline, point.absorbedReference)},
                       {"candidate", jsonOps(candidate, point.absorbedCandidate)}};
    return out;
}

ordered_json jsonUnmatched(const Graph &graph, const std::vector<ValueOutcome> &outcomes)
{
    auto out = ordered_json::array();
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const Value &value = graph.values()[i];
        if (!outcomes[i].lacksCounterpart() || value.constant) {
            continue;
        }
        const NodeId producer = value.producer;
        out.push_back({{"value", graph.qualifiedName(ValueId(i))},
                       {"op_type", producer.isValid() ? ordered_json(graph.node(producer).opType)
                                                      : ordered_json()},
                       {"reason", outcomes[i].reason},
                       {"one_sided", outcomes[i].status == ValueStatus::OneSided}});
    }
    return out;
}

ordered_json jsonDiagnostics(const Diagnostics &diagnostics)
{
    auto out = ordered_json::array();
    for (const Diagnostic &note : diagnostics) {
        const bool isError = note.severity == Diagnostic::Severity::Error;
        const bool isWarning = note.severity == Diagnostic::Severity::Warning;
        out.push_back({{"severity", isError     ? "error"
                                    : isWarning ? "warning"
                                                : "info"},
                       {"where", note.where},
                       {"text", note.text}});
    }
    return out;
}

ordered_json jsonDocument()
{
    ordered_json out;
    out["schema_version"] = 1;
    out["tool"] = {{"name", "syncpoint"}, {"version", toolVersion()}};
    return out;
}

std::string jsonText(const ordered_json &document)
{
    return document.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string alignmentJson(const Graph &baseline, const Graph &candidate, const Alignment &alignment)
{
    const auto side = [](const Graph &graph) {
        return ordered_json{{"path", graph.info().path},
                            {"format", graph.info().format},
                            {"ops", graph.nodes().size()}};
    };
    ordered_json out = jsonDocument();
    out["baseline"] = side(baseline);
    out["candidate"] = side(candidate);
    out["reachability_violations"] = alignment.reachabilityViolations;
    out["sync_points"] = ordered_json::array();
    for (std::size_t i = 0; i < alignment.points.size(); ++i) {
        out["sync_points"].push_back(jsonPoint(baseline, candidate, alignment, SyncPointId(i)));
    }
    out["unmatched"] = {{"baseline", jsonUnmatched(baseline, alignment.reference)},
                        {"candidate", jsonUnmatched(candidate, alignment.candidate)}};
    out["diagnostics"] = jsonDiagnostics(alignment.diagnostics);
    return jsonText(out);
}

} // namespace syncpoint
