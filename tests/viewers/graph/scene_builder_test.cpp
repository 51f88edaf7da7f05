#include "viewers/graph/scene_builder.h"

#include "tests/viewers/graph/sample_model.h"
#include "viewers/graph/box_labels.h"
#include "viewers/graph/scene_index.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using Kind = SceneBox::Kind;

std::shared_ptr<const GraphScene> sceneOf(std::shared_ptr<const Graph> graph,
                                          std::set<std::string> expanded)
{
    LayoutCache cache;
    SceneRequest request;
    request.result = sampleResult(graph);
    request.outline = makeOutline(graph, true, JobContext{}).value();
    request.expanded = std::move(expanded);
    auto scene = buildScene(request, cache, JobContext{});
    EXPECT_TRUE(scene);
    return scene.value();
}

std::size_t countOf(const GraphScene &scene, Kind kind)
{
    return static_cast<std::size_t>(
        std::count_if(scene.boxes.begin(), scene.boxes.end(),
                      [kind](const SceneBox &box) { return box.kind == kind; }));
}

TEST(SceneBuilderTest, CollapsedModuleIsOneBoxWithTheWorstScoreInside)
{
    const auto scene = sceneOf(blockModel(4), {});

    ASSERT_EQ(countOf(*scene, Kind::Collapsed), 1U);
    const SceneBox &encoder = scene->boxes[1];
    EXPECT_EQ(encoder.title, QStringLiteral("encoder"));
    EXPECT_EQ(encoder.figure, QStringLiteral("38.0 dB")); // op 11, the last Add
    EXPECT_EQ(encoder.score.severity, Severity::Warn);
    EXPECT_EQ(encoder.counts, (std::array<std::uint32_t, 4>{7, 1, 0, 4}));
    EXPECT_EQ(scene->edges.size(), 3U);
}

TEST(SceneBuilderTest, ExpandedModulesShowTheirOps)
{
    const auto scene = sceneOf(blockModel(2), {"/encoder", "/encoder/block1"});

    EXPECT_EQ(countOf(*scene, Kind::Expanded), 3U); // with the model itself
    EXPECT_EQ(countOf(*scene, Kind::Collapsed), 1U);
    EXPECT_EQ(countOf(*scene, Kind::Op), 4U);
    for (std::size_t b = 1; b < scene->boxes.size(); ++b) {
        const SceneBox &parent = scene->boxes[scene->boxes[b].parent];
        EXPECT_TRUE(parent.rect.contains(scene->boxes[b].rect));
    }
}

TEST(SceneBuilderTest, ScoresAndMatchStatesReachTheOps)
{
    const auto graph = blockModel(1);
    const auto scene = sceneOf(graph, {"/encoder.block0"});
    const auto boxOf = [&](const char *name) -> const SceneBox & {
        const auto leaf = scene->outline->leafOfNode[nodeNamed(*graph, name).index()];
        return scene->boxes[scene->boxOfLeaf[leaf]];
    };

    EXPECT_EQ(boxOf("b0/conv").figure, QStringLiteral("60.0 dB"));
    EXPECT_EQ(boxOf("b0/conv").score.match, OpScore::Match::Matched);
    EXPECT_EQ(boxOf("b0/conv").rowCount, 1U);
    EXPECT_EQ(boxOf("b0/relu").score.match, OpScore::Match::Absorbed);
    EXPECT_FALSE(boxOf("b0/relu").score.severity);
}

TEST(SceneBuilderTest, ValueWithManyConsumersBecomesChips)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "x"));
    for (int i = 0; i < 12; ++i) {
        const std::string name = "y" + std::to_string(i);
        builder.addNode("op" + name, "Relu", {"x"}, {name});
        builder.addOutput(scope, builder.value(scope, name));
    }
    const auto graph = builder.build().value();
    LayoutCache cache;
    SceneRequest request;
    request.outline = makeOutline(graph, true, JobContext{}).value();
    const auto scene = buildScene(request, cache, JobContext{}).value();

    EXPECT_EQ(scene->chips.size(), 11U);
    EXPECT_EQ(scene->chips.front().label, QStringLiteral("↑ x"));
}

TEST(SceneBuilderTest, TooltipEscapesNamesFromTheFile)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "x"));
    builder.addNode("<img src=x>", "<b>Op", {"x"}, {"y"});
    builder.addOutput(scope, builder.value(scope, "y"));
    LayoutCache cache;
    SceneRequest request;
    request.outline = makeOutline(builder.build().value(), true, JobContext{}).value();
    const auto scene = buildScene(request, cache, JobContext{}).value();

    for (std::uint32_t b = 1; b < scene->boxes.size(); ++b) {
        EXPECT_FALSE(boxTooltip(*scene, b).contains(QStringLiteral("<img")));
    }
}

TEST(SceneBuilderTest, SmallModelsOpenCompletelyLargeOnesOnlyAtTheTop)
{
    const auto small = makeOutline(blockModel(2), true, JobContext{}).value();
    const auto large = makeOutline(blockModel(200), true, JobContext{}).value();

    EXPECT_EQ(initiallyExpanded(*small).size(), 3U);
    EXPECT_EQ(initiallyExpanded(*large), (std::set<std::string>{"/encoder"}));
}

TEST(OpScoresTest, EachSeverityHasItsOwnPartOfTheRamp)
{
    const ThresholdProfile dB{"int8", "psnr", 40.0, 27.0};
    const ThresholdProfile error{"custom", "max_abs", 0.1, 1.0};

    EXPECT_LT(rampPosition(Severity::Bad, 26.9, dB), rampPosition(Severity::Warn, 27.0, dB));
    EXPECT_LT(rampPosition(Severity::Warn, 39.9, dB), rampPosition(Severity::Ok, 40.0, dB));
    EXPECT_LT(rampPosition(Severity::Ok, 40.0, dB), rampPosition(Severity::Ok, 50.0, dB));
    EXPECT_LT(rampPosition(Severity::Warn, 0.9, error), rampPosition(Severity::Warn, 0.2, error));
}

TEST(SceneIndexTest, FindsTheInnermostBox)
{
    const auto scene = sceneOf(blockModel(3), {"/encoder", "/encoder/block0"});
    const SceneIndex index(scene);

    for (std::uint32_t b = 1; b < scene->boxes.size(); ++b) {
        if (scene->boxes[b].kind != Kind::Expanded) {
            EXPECT_EQ(index.boxAt(scene->boxes[b].rect.center()), b);
        }
    }
    EXPECT_EQ(index.boxAt(scene->bounds().topLeft() - QPointF(5, 5)), GraphOutline::kNone);
}

TEST(SceneIndexTest, AreaGivesWhatALinearSearchGives)
{
    const auto scene = sceneOf(blockModel(60), {"/encoder", "/encoder/block7"});
    const SceneIndex index(scene);
    const QRectF area(10, 700, 300, 900);
    std::vector<std::uint32_t> expected;
    for (std::uint32_t b = 1; b < scene->boxes.size(); ++b) {
        if (scene->boxes[b].rect.intersects(area)) {
            expected.push_back(b);
        }
    }

    EXPECT_EQ(index.boxesIn(area), expected);
}

} // namespace
} // namespace syncpoint
