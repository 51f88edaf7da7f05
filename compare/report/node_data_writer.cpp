#include "compare/report/json_parts.h"
#include "compare/report/report_text.h"
#include "compare/report/report_writer.h"

#include <cmath>

namespace syncpoint {

namespace {
/// Custom node data of Model Explorer, in its form for a single graph: values by output tensor name
/// of the candidate, coloured by the thresholds of the profile.
class NodeDataWriter final : public ReportWriter
{
public:
    std::string_view id() const override { return "node-data"; }
    std::string_view title() const override { return "Model Explorer custom node data"; }
    Result<std::string> render(const Report &report) const override
    {
        const ComparisonResult &result = *report.result;
        nlohmann::ordered_json out;
        out["results"] = nlohmann::ordered_json::object();
        for (const ScoreChart::Mark &mark : report.chart.marks) {
            const SyncPoint &pair = result.alignment.points[mark.position];
            out["results"][result.candidate.graph->qualifiedName(pair.candidate)] = {
                {"value", mark.score}};
        }
        out["thresholds"] = nlohmann::ordered_json::array();
        if (report.chart.badBelow && report.chart.okFrom) {
            // A threshold colours everything at or below its value.
            out["thresholds"] = {{{"value", *report.chart.badBelow}, {"bgColor", "#c2185b"}},
                                 {{"value", *report.chart.okFrom}, {"bgColor", "#e0a100"}},
                                 {{"value", report.chart.cap}, {"bgColor", "#00897b"}}};
        }
        return jsonText(out);
    }
};

/// One op name per line, those that introduce most first: the float model's names, as ONNX
/// Runtime's nodes_to_exclude takes them.
class ExcludeListWriter final : public ReportWriter
{
public:
    std::string_view id() const override { return "exclude-list"; }
    std::string_view title() const override { return "ops to keep in float, ranked"; }
    Result<std::string> render(const Report &report) const override
    {
        const ComparisonResult &result = *report.result;
        std::string out;
        for (const SyncPointId id : rankedByIntroduced(result)) {
            const NodeId node = result.alignment.point(id).referenceNode;
            if (!node.isValid()) {
                continue;
            }
            const std::string &name = result.baseline.graph->node(node).name;
            if (!name.empty() && name.find('\n') == std::string::npos) {
                out += name + '\n';
            }
        }
        return out;
    }
};
} // namespace

std::unique_ptr<ReportWriter> makeNodeDataWriter()
{
    return std::make_unique<NodeDataWriter>();
}

std::unique_ptr<ReportWriter> makeExcludeListWriter()
{
    return std::make_unique<ExcludeListWriter>();
}

} // namespace syncpoint
