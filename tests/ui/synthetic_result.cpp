#include "tests/ui/synthetic_result.h"

#include "compare/metric/metric.h"
#include "core/graph/graph_builder.h"

#include <algorithm>
#include <tuple>

namespace syncpoint {

namespace {

struct Op
{
    const char *name;
    const char *type;
    const char *module;
    const char *input;
    const char *output;
    std::uint32_t line;
};

constexpr Op kOps[] = {
    {"/encoder/block0/Conv", "Conv", "encoder.block0", "image", "conv_out", 3},
    {"/encoder/block0/Relu", "Relu", "encoder.block0", "conv_out", "relu_out", 4},
    {"/decoder/MatMul", "MatMul", "decoder", "relu_out", "matmul_out", 8},
    {"/decoder/Softmax", "Softmax", "decoder", "matmul_out", "masks", 9},
};

void addOps(GraphBuilder &builder, bool isCandidate)
{
    builder.addInput(builder.mainScope(), builder.value(builder.mainScope(), "image"));
    for (const Op &op : kOps) {
        const NodeId id = builder.addNode(op.name, op.type, {op.input}, {op.output});
        Node &node = builder.edit(id);
        node.module = builder.module(op.module, "net.Block");
        if (!isCandidate) {
            node.source = {{"site-packages/torch/nn/modules/module.py", 1729, 0, "_call_impl"},
                           {"net.py", op.line, 0, "forward"}};
        }
        node.attributes.push_back({"axis", std::int64_t{isCandidate ? 1 : 0}});
        Value &value = builder.edit(builder.value(builder.mainScope(), op.output));
        value.dtype = DType::Float32;
        value.shape = Shape{1, 8};
    }
    if (isCandidate) {
        builder.addNode("/decoder/Extra", "Erf", {"relu_out"}, {"extra_out"});
        auto quantization = std::make_shared<Quantization>();
        quantization->scales = {0.01, 0.02, 0.04};
        quantization->axis = 1;
        builder.edit(builder.value(builder.mainScope(), "matmul_out")).quantization = quantization;
        builder.edit(builder.value(builder.mainScope(), "matmul_out")).dtype = DType::Int8;
    }
    builder.addOutput(builder.mainScope(), builder.value(builder.mainScope(), "masks"));
}

std::shared_ptr<const Graph> makeGraph(bool isCandidate)
{
    GraphBuilder builder(ModelInfo{isCandidate ? "int8.onnx" : "float.onnx", "onnx", "test", {}});
    addOps(builder, isCandidate);
    return std::move(builder.build()).value();
}

PointResult compared(double psnr, double deltaNsr, Severity severity)
{
    PointResult point;
    point.status = PointStatus::Compared;
    point.severity = severity;
    point.overall.state = PairState::Finite;
    point.overall.values.resize(builtinMetrics().size());
    point.overall.values[*metricIndex("psnr")] = psnr;
    point.samples.assign(2, point.overall);
    point.attribution.level = PointAttribution::Level::Tensors;
    point.attribution.nsr = deltaNsr;
    point.attribution.deltaNsr = deltaNsr;
    point.candidateDtype = "float32";
    return point;
}

void addPoint(ComparisonResult &result, const char *value, PointResult scored)
{
    SyncPoint point;
    point.reference = *result.baseline.graph->findValue(value);
    point.candidate = *result.candidate.graph->findValue(value);
    point.referenceClass = {point.reference};
    point.candidateClass = {point.candidate};
    point.referenceNode = result.baseline.graph->value(point.reference).producer;
    point.candidateNode = result.candidate.graph->value(point.candidate).producer;
    point.match = {"exact_name", 1.0, "the names are equal"};
    const SyncPointId id{result.alignment.points.size()};
    result.alignment.reference[point.reference.index()] = {ValueStatus::Paired, id, {}};
    result.alignment.candidate[point.candidate.index()] = {ValueStatus::Paired, id, {}};
    result.alignment.points.push_back(point);
    result.points.push_back(std::move(scored));
}

void addModules(ComparisonResult &result)
{
    const auto modules = result.baseline.graph->modules();
    for (std::size_t i = 0; i < modules.size(); ++i) {
        ModuleScore score;
        score.module = ModuleId{i};
        const bool isDecoder = modules[i].path == "decoder";
        score.syncPoints = 2;
        score.ok = 1;
        (isDecoder ? score.bad : score.warn) = 1;
        score.worstPoint = SyncPointId{isDecoder ? 3U : 2U};
        score.worst = isDecoder ? 20.0 : 45.0;
        score.introducedShare = isDecoder ? 0.9 : 0.1;
        score.parameterShare = isDecoder ? 0.017 : 0.983;
        score.parameters = isDecoder ? 17 : 983;
        result.modules.push_back(score);
    }
}

} // namespace

std::shared_ptr<const ComparisonResult> makeSyntheticResult()
{
    auto result = std::make_shared<ComparisonResult>();
    result->baseline.path = "float.onnx";
    result->candidate.path = "int8.onnx";
    result->baseline.graph = makeGraph(false);
    result->candidate.graph = makeGraph(true);
    result->profile = {"int8", "psnr", 60.0, 30.0};
    result->inputsSource = "random, seed 0";
    result->samples = 2;
    result->alignment.reference.resize(result->baseline.graph->values().size());
    result->alignment.candidate.resize(result->candidate.graph->values().size());
    for (ValueOutcome &outcome : result->alignment.candidate) {
        outcome.reason = "no op of the baseline computes it";
    }
    PointResult exact = compared(0.0, 0.0, Severity::Ok);
    exact.overall.state = PairState::Exact;
    addPoint(*result, "image", exact);
    addPoint(*result, "conv_out", compared(70.0, 0.001, Severity::Ok));
    addPoint(*result, "relu_out", compared(45.0, 0.01, Severity::Warn));
    addPoint(*result, "matmul_out", compared(20.0, 0.2, Severity::Bad));
    addPoint(*result, "masks", compared(25.0, -0.01, Severity::Bad));
    result->points[3].attribution.isSource = true;
    result->points[3].attribution.inputs = {SyncPointId{2}};
    result->points[3].attribution.hints = {"4-bit weights explain <all> of it"};
    result->outputs = {SyncPointId{4}};
    result->outputScores = {{SyncPointId{4}, result->points[4], false}};
    result->coverage = {5, 4, 0, 1};
    result->divergence.verdict = Divergence::Verdict::Start;
    result->divergence.start = {SyncPointId{3}};
    for (const auto &[point, score, share] :
         {std::tuple(3U, 0.2, 0.9), std::tuple(2U, 0.01, 0.1)}) {
        Divergence::Suspect suspect;
        suspect.point = SyncPointId{point};
        suspect.score = score;
        suspect.share = share;
        result->divergence.suspects.push_back(suspect);
    }
    result->divergence.sentence = "The error starts at /decoder/MatMul.";
    addModules(*result);
    result->diagnostics = {{Diagnostic::Severity::Info, "", "inputs were made up"},
                           {Diagnostic::Severity::Warning, "relu_out", "values are clipped"}};
    return result;
}

} // namespace syncpoint
