#include "compare/report/json_parts.h"
#include "compare/report/report_text.h"
#include "compare/report/report_writer.h"

namespace syncpoint {

namespace {
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

std::unique_ptr<ReportWriter> makeExcludeListWriter()
{
    return std::make_unique<ExcludeListWriter>();
}

std::unique_ptr<ReportWriter> makeExcludeOptionsWriter()
{
    return std::make_unique<ExcludeOptionsWriter>();
}

} // namespace syncpoint
