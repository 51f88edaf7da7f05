#include "compare/report/json_parts.h"
#include "compare/report/report_text.h"
#include "compare/report/report_writer.h"

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

/// The float model's ops by what they introduce, largest first, under names that the model really
/// has: the op's, or else its output's.
std::vector<NodeId> rankedOps(const ComparisonResult &result)
{
    std::vector<NodeId> ops;
    for (const SyncPointId id : rankedByIntroduced(result)) {
        if (const NodeId node = result.alignment.point(id).referenceNode; node.isValid()) {
            ops.push_back(node);
        }
    }
    return ops;
}

/// One op name per line: the float model's names, as ONNX Runtime's nodes_to_exclude takes them.
class ExcludeListWriter final : public ReportWriter
{
public:
    std::string_view id() const override { return "exclude-list"; }
    std::string_view title() const override { return "ops to keep in float, ranked"; }
    Result<std::string> render(const Report &report) const override
    {
        const Graph &graph = *report.result->baseline.graph;
        std::string out;
        for (const NodeId node : rankedOps(*report.result)) {
            const std::string &name = graph.node(node).name;
            if (!name.empty() && name.find('\n') == std::string::npos) {
                out += name + '\n';
            }
        }
        return out;
    }
};

/// The same ranking as the options of three quantizers: ONNX Runtime's nodes_to_exclude (op names),
/// TFLite's denylisted_nodes (names of output tensors) and trtexec's --layerPrecisions.
class ExcludeOptionsWriter final : public ReportWriter
{
public:
    std::string_view id() const override { return "exclude-json"; }
    std::string_view title() const override
    {
        return "ops to keep in float, as options of ONNX Runtime, TFLite and TensorRT";
    }
    Result<std::string> render(const Report &report) const override
    {
        const Graph &graph = *report.result->baseline.graph;
        auto ops = nlohmann::ordered_json::array();
        auto tensors = nlohmann::ordered_json::array();
        auto layers = nlohmann::ordered_json::array();
        for (const NodeId id : rankedOps(*report.result)) {
            const Node &node = graph.node(id);
            if (!node.name.empty()) {
                ops.push_back(node.name);
                layers.push_back(node.name + ":fp32");
            }
            tensors.push_back(graph.qualifiedName(node.outputs.front()));
        }
        return jsonText({{"onnxruntime", {{"nodes_to_exclude", ops}}},
                         {"tflite", {{"denylisted_nodes", tensors}}},
                         {"tensorrt", {{"layerPrecisions", layers}}}});
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

std::unique_ptr<ReportWriter> makeExcludeOptionsWriter()
{
    return std::make_unique<ExcludeOptionsWriter>();
}

} // namespace syncpoint
