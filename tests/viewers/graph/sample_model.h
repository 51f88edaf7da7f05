#pragma once
#include "compare/metric/metric.h"
#include "compare/session/comparison_result.h"
#include "core/graph/graph_builder.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace syncpoint {

/// input → blocks of (Conv → Relu → Add with the block's input) in modules encoder.block0 …, and a
/// head outside of them → output.
inline std::shared_ptr<const Graph> blockModel(int blocks)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "input"));
    std::string previous = "input";
    for (int b = 0; b < blocks; ++b) {
        const std::string p = "b" + std::to_string(b);
        const ModuleId module = builder.module("encoder.block" + std::to_string(b));
        const NodeId conv = builder.addNode(p + "/conv", "Conv", {previous, p + "_w"}, {p + "_c"});
        const NodeId relu = builder.addNode(p + "/relu", "Relu", {p + "_c"}, {p + "_r"});
        const NodeId add = builder.addNode(p + "/add", "Add", {p + "_r", previous}, {p + "_out"});
        for (const NodeId node : {conv, relu, add}) {
            builder.edit(node).module = module;
        }
        builder.setConstant(builder.value(scope, p + "_w"), Tensor());
        previous = p + "_out";
    }
    builder.addNode("head", "Gemm", {previous}, {"logits"});
    builder.addOutput(scope, builder.value(scope, "logits"));
    auto graph = builder.build();
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return graph.value();
}

inline NodeId nodeNamed(const Graph &graph, const std::string &name)
{
    for (std::size_t n = 0; n < graph.nodes().size(); ++n) {
        if (graph.nodes()[n].name == name) {
            return NodeId{n};
        }
    }
    return {};
}

/// The model against itself: op k scores 60 − 2·k dB under the int8 profile (ok ≥ 40, bad < 27).
/// The ReLUs count as absorbed.
inline std::shared_ptr<const ComparisonResult> sampleResult(std::shared_ptr<const Graph> graph)
{
    auto result = std::make_shared<ComparisonResult>();
    result->profile = {"int8", "psnr", 40.0, 27.0};
    result->baseline.graph = graph;
    result->candidate.graph = graph;
    result->candidate.path = "candidate.onnx";
    auto &alignment = result->alignment;
    alignment.reference.resize(graph->values().size());
    for (std::size_t n = 0; n < graph->nodes().size(); ++n) {
        const Node &node = graph->nodes()[n];
        const ValueId output = node.outputs.front();
        if (node.opType == "Relu") {
            alignment.reference[output.index()].status = ValueStatus::Absorbed;
            continue;
        }
        const SyncPointId id{alignment.points.size()};
        SyncPoint point;
        point.reference = point.candidate = output;
        point.referenceNode = point.candidateNode = NodeId{n};
        alignment.points.push_back(point);
        alignment.reference[output.index()] = {ValueStatus::Paired, id, {}};
        PointResult scored;
        scored.status = PointStatus::Compared;
        const double psnr = 60.0 - 2.0 * static_cast<double>(n);
        scored.severity = psnr >= 40.0   ? Severity::Ok
                          : psnr >= 27.0 ? Severity::Warn
                                         : Severity::Bad;
        scored.overall.state = PairState::Finite;
        scored.overall.values.resize(builtinMetrics().size());
        scored.overall.values[*metricIndex("psnr")] = psnr;
        scored.attribution.deltaNsr = 1e-5 * static_cast<double>(n);
        result->points.push_back(std::move(scored));
    }
    alignment.candidate = alignment.reference;
    return result;
}

} // namespace syncpoint
