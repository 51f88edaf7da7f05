#include "viewers/graph/compare_area.h"
#include "viewers/graph/scene_alignment.h"
#include "viewers/graph/scene_pair.h"

#include "tests/viewers/graph/sample_model.h"

#include <QTest>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

/// A chain of ops with these names; each op's output is named after it.
std::shared_ptr<const Graph> chainOf(const std::vector<std::string> &names)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "input"));
    std::string previous = "input";
    for (const std::string &name : names) {
        builder.addNode(name, "Relu", {previous}, {name + "_out"});
        previous = name + "_out";
    }
    builder.addOutput(scope, builder.value(scope, previous));
    return std::move(builder.build()).value();
}

/// Pairs ops of equal name.
std::shared_ptr<ComparisonResult> resultOf(std::shared_ptr<const Graph> baseline,
                                           std::shared_ptr<const Graph> candidate)
{
    auto result = std::make_shared<ComparisonResult>();
    result->candidate.path = "candidate";
    result->baseline.graph = std::move(baseline);
    result->candidate.graph = std::move(candidate);
    result->alignment.reference.resize(result->baseline.graph->values().size());
    result->alignment.candidate.resize(result->candidate.graph->values().size());
    for (std::size_t n = 0; n < result->baseline.graph->nodes().size(); ++n) {
        SyncPoint point;
        point.referenceNode = NodeId{n};
        point.candidateNode =
            nodeNamed(*result->candidate.graph, result->baseline.graph->nodes()[n].name);
        if (point.candidateNode.isValid()) {
            point.reference = result->baseline.graph->nodes()[n].outputs[0];
            point.candidate = result->candidate.graph->node(point.candidateNode).outputs[0];
            result->alignment.points.push_back(point);
            result->points.emplace_back();
        }
    }
    return result;
}

ScenePair bothSides(const std::shared_ptr<const ComparisonResult> &result, Side main)
{
    LayoutCache cache;
    ScenePairRequest request;
    request.result = result;
    request.side = main;
    request.both = true;
    return std::move(buildScenes(request, cache, JobContext{})).value();
}

double topOf(const GraphScene &scene, const std::string &op)
{
    const NodeId node = nodeNamed(*scene.outline->graph, op);
    return scene.boxes[scene.boxOfLeaf[scene.outline->leafOfNode[node.index()]]].rect.top();
}

void expectTidy(const GraphScene &scene)
{
    for (std::size_t a = 1; a < scene.boxes.size(); ++a) {
        EXPECT_TRUE(scene.boxes[scene.boxes[a].parent].rect.contains(scene.boxes[a].rect));
        for (std::size_t b = a + 1; b < scene.boxes.size(); ++b) {
            if (scene.boxes[a].parent == scene.boxes[b].parent) {
                EXPECT_FALSE(scene.boxes[a].rect.intersects(scene.boxes[b].rect)) << a << " " << b;
            }
        }
    }
    for (const SceneEdge &edge : scene.edges) {
        const auto way = scene.way(edge);
        EXPECT_NEAR(way.front().y(), scene.boxes[edge.source].rect.bottom(), 1.0);
        EXPECT_NEAR(way.back().y(), scene.boxes[edge.target].rect.top(), 1.0);
    }
}

TEST(CompareViewTest, MatchedOpsShareAHeightAndGapsStandForTheRest)
{
    const auto result = resultOf(chainOf({"a", "b", "c", "d"}), chainOf({"a", "x", "y", "b", "d"}));
    const ScenePair scenes = bothSides(result, Side::Baseline);
    for (const char *op : {"a", "b", "d"}) {
        EXPECT_DOUBLE_EQ(topOf(*scenes.main, op), topOf(*scenes.other, op)) << op;
    }
    EXPECT_GT(topOf(*scenes.main, "c"), topOf(*scenes.main, "b"));
    EXPECT_EQ(scenes.main->bounds().top(), scenes.other->bounds().top());
    EXPECT_EQ(scenes.main->bounds().bottom(), scenes.other->bounds().bottom());
    expectTidy(*scenes.main);
    expectTidy(*scenes.other);
}

TEST(CompareViewTest, EitherSideMayBeTheMainOne)
{
    const auto result = resultOf(chainOf({"a", "b"}), chainOf({"x", "a", "b"}));
    const ScenePair scenes = bothSides(result, Side::Candidate);
    EXPECT_EQ(scenes.main->side, Side::Candidate);
    EXPECT_EQ(scenes.other->side, Side::Baseline);
    EXPECT_DOUBLE_EQ(topOf(*scenes.main, "a"), topOf(*scenes.other, "a"));
}

TEST(CompareViewTest, WhereTheOrdersDisagreeTheLongestCommonOneWins)
{
    const auto result = resultOf(chainOf({"a", "b", "c", "d"}), chainOf({"d", "a", "b", "c"}));
    const ScenePair scenes = bothSides(result, Side::Baseline);
    for (const char *op : {"a", "b", "c"}) {
        EXPECT_DOUBLE_EQ(topOf(*scenes.main, op), topOf(*scenes.other, op)) << op;
    }
    EXPECT_NE(topOf(*scenes.main, "d"), topOf(*scenes.other, "d"));
    expectTidy(*scenes.other);
}

TEST(CompareViewTest, OpenedModulesGrowAroundTheGaps)
{
    const auto graph = blockModel(3);
    LayoutCache cache;
    ScenePairRequest request;
    request.result = sampleResult(graph);
    request.both = true;
    request.expanded = {"/encoder", "/encoder/block1"};
    const ScenePair scenes = std::move(buildScenes(request, cache, JobContext{})).value();
    expectTidy(*scenes.main);
    expectTidy(*scenes.other);
}

TEST(CompareViewTest, SidesWithNothingInCommonStayAsTheyWere)
{
    const auto result = resultOf(chainOf({"a"}), chainOf({"b"}));
    const ScenePair scenes = bothSides(result, Side::Baseline);
    EXPECT_DOUBLE_EQ(topOf(*scenes.main, "a"), topOf(*scenes.other, "b"));
}

TEST(CompareAreaTest, BothSidesSwapPlaces)
{
    const Theme theme;
    CompareArea area(theme);
    area.setComparing(true);
    EXPECT_FALSE(area.isSwapped());
    area.swapPlaces();
    EXPECT_TRUE(area.isSwapped());
    area.swapPlaces();
    EXPECT_FALSE(area.isSwapped());
}

TEST(CompareAreaTest, BlinkingShowsOneSideAtATime)
{
    const Theme theme;
    CompareArea area(theme);
    area.show();
    EXPECT_FALSE(area.other().isVisible());
    area.setComparing(true);
    EXPECT_TRUE(area.main().isVisible() && area.other().isVisible());
    area.setBlinking(true);
    EXPECT_TRUE(area.main().isVisible() && !area.other().isVisible());
    EXPECT_TRUE(QTest::qWaitFor([&area] { return area.other().isVisible(); }, 3000));
    EXPECT_FALSE(area.main().isVisible());
    area.setComparing(false);
    EXPECT_FALSE(area.isBlinking());
    EXPECT_TRUE(area.main().isVisible());
}

TEST(CompareAreaTest, UnlockedSidesScrollAlone)
{
    const Theme theme;
    CompareArea area(theme);
    area.resize(800, 300);
    area.show();
    area.setComparing(true);
    std::vector<std::string> names;
    for (int i = 0; i < 60; ++i) {
        names.push_back("op" + std::to_string(i));
    }
    const ScenePair scenes = bothSides(resultOf(chainOf(names), chainOf(names)), Side::Baseline);
    area.main().setScene(scenes.main, std::nullopt);
    area.other().setScene(scenes.other, std::nullopt);
    area.main().setView(1.0, {0.0, 900.0});
    EXPECT_NEAR(area.other().view().origin.y(), area.main().view().origin.y(), 2.0);
    area.setLocked(false);
    area.main().setView(1.0, {0.0, 200.0});
    EXPECT_GT(area.other().view().origin.y(), 800.0);
}

} // namespace
} // namespace syncpoint
