#include "viewers/graph/dot_writer.h"
#include "viewers/graph/op_runs.h"
#include "viewers/graph/scene_builder.h"
#include "viewers/graph/scene_search.h"
#include "viewers/graph/scene_trace.h"

#include "tests/viewers/graph/sample_model.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

std::shared_ptr<const GraphScene> openScene(const std::shared_ptr<const ComparisonResult> &result)
{
    LayoutCache cache;
    SceneRequest request;
    request.result = result;
    request.outline = makeOutline(result->baseline.graph, true, JobContext{}).value();
    request.expanded = {"/encoder", "/encoder/block0", "/encoder/block1"};
    return std::move(buildScene(request, cache, JobContext{})).value();
}

class SceneToolsTest : public testing::Test
{
protected:
    std::shared_ptr<const ComparisonResult> result = sampleResult(blockModel(2));
    std::shared_ptr<const GraphScene> scene = openScene(result);

    std::uint32_t box(const std::string &op) const
    {
        const NodeId node = nodeNamed(*result->baseline.graph, op);
        return scene->boxOfLeaf[scene->outline->leafOfNode[node.index()]];
    }
};

TEST_F(SceneToolsTest, InputsOfAnOpAreEverythingThatFeedsIt)
{
    const SceneTrace trace = traceInputs(*scene, box("b0/relu"));
    EXPECT_EQ(trace.boxes.size(), 3U) << "the model input, the convolution, itself";
    EXPECT_TRUE(trace.boxes.contains(box("b0/conv")));
    EXPECT_EQ(trace.edges.size(), 2U);
}

TEST_F(SceneToolsTest, OutputsReachTheEnd)
{
    const SceneTrace trace = traceOutputs(*scene, box("b1/relu"));
    EXPECT_TRUE(trace.boxes.contains(box("head")));
    EXPECT_FALSE(trace.boxes.contains(box("b1/conv")));
}

TEST_F(SceneToolsTest, PathsLeaveOutWhatIsNotBetween)
{
    const SceneTrace trace = tracePaths(*scene, box("b0/add"), box("b0/conv"));
    EXPECT_EQ(trace.boxes,
              (std::set<std::uint32_t>{box("b0/conv"), box("b0/relu"), box("b0/add")}));
    EXPECT_TRUE(tracePaths(*scene, box("head"), box("head")).empty());
    EXPECT_TRUE(tracePaths(*scene, GraphOutline::kNone, box("head")).empty());
}

TEST_F(SceneToolsTest, AnOpenedModuleIsTracedFromWhatIsInside)
{
    const std::uint32_t block = scene->boxes[box("b0/conv")].parent;
    EXPECT_TRUE(traceOutputs(*scene, block).boxes.contains(box("head")));
}

TEST_F(SceneToolsTest, SearchGoesRound)
{
    const FoundOps found = findOps(*scene, QStringLiteral("conv"));
    EXPECT_EQ(found.ops, 2U);
    const std::uint32_t first = nextMarked(*scene, found.boxes, GraphOutline::kNone);
    const std::uint32_t second = nextMarked(*scene, found.boxes, first);
    EXPECT_EQ(first, box("b0/conv"));
    EXPECT_EQ(second, box("b1/conv"));
    EXPECT_EQ(nextMarked(*scene, found.boxes, second), first);
    EXPECT_EQ(nextMarked(*scene, {}, first), GraphOutline::kNone);
}

TEST_F(SceneToolsTest, DotNestsModulesAndQuotesNames)
{
    const QString dot = dotCluster(*scene, QStringLiteral("b"), QStringLiteral("a \"b\""));
    EXPECT_TRUE(dot.contains(QStringLiteral("label=\"a \\\"b\\\"\"")));
    EXPECT_TRUE(dot.contains(QStringLiteral("label=\"block1\"")));
    EXPECT_EQ(dot.count(QLatin1Char('{')), dot.count(QLatin1Char('}')));
    EXPECT_EQ(dot.count(QStringLiteral("->")), static_cast<qsizetype>(scene->edges.size()));
}

TEST(OpRunsTest, PlacementComesFromTheRunElseFromTheFile)
{
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.localValue(builder.mainScope(), "x"));
    const NodeId first = builder.addNode("a", "Neg", {"x"}, {"y"});
    const NodeId second = builder.addNode("b", "Neg", {"y"}, {"z"});
    builder.edit(first).placement = "CPU";
    builder.edit(second).placement = "CPU";
    const std::shared_ptr<const Graph> graph = std::move(builder.build()).value();
    auto result = std::make_shared<ComparisonResult>(*sampleResult(graph));
    result->points[1].candidatePlacement = "NPU";
    result->points[1].candidateMicroseconds = 30.0;
    result->points[0].candidateMicroseconds = 10.0;

    const OpRuns candidate = opRuns(*graph, Side::Candidate, *result);
    EXPECT_TRUE(candidate.hasTransitions());
    EXPECT_EQ(candidate.places[candidate.ofNode[1].place], QStringLiteral("NPU"));
    EXPECT_DOUBLE_EQ(candidate.total, 40.0);
    EXPECT_DOUBLE_EQ(candidate.slowest, 30.0);
    EXPECT_FALSE(opRuns(*graph, Side::Baseline, *result).hasTransitions());

    OpRun module;
    module.add(candidate.ofNode[0]);
    module.add(candidate.ofNode[1]);
    EXPECT_EQ(module.place, OpRun::kMixed);
}

TEST(OpRunsTest, BytesOfAValueNeedAllExtents)
{
    Value value;
    value.dtype = DType::Float32;
    value.shape = Shape{2, 3};
    EXPECT_EQ(bytesOf(value), 24U);
    value.shape = Shape{2, -1};
    EXPECT_EQ(bytesOf(value), 0U);
    value.shape = Shape{std::int64_t{1} << 40, std::int64_t{1} << 40};
    EXPECT_EQ(bytesOf(value), 0U) << "no overflow from a hostile file";
}

} // namespace
} // namespace syncpoint
