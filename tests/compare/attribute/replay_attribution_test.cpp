#include "compare/attribute/replay_attribution.h"
#include "compare/attribute/replay_plan.h"
#include "scenario.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

Tensor tensorOf(const std::vector<float> &values)
{
    return Tensor::fromFloats({static_cast<std::int64_t>(values.size())}, values);
}

TEST(ReplayEnergiesTest, PartsAddUpToTheErrorExactly)
{
    const auto sums = splitError(tensorOf({1, 2, 3}), tensorOf({1.5F, 2.5F, 2}),
                                 tensorOf({1.25F, 2, 3.5F}), nullptr, {});

    EXPECT_DOUBLE_EQ(sums.total, 0.25 + 0.25 + 1.0);
    EXPECT_DOUBLE_EQ(sums.introduced + sums.propagated + sums.cross, sums.total);
}

TEST(ReplayEnergiesTest, ClippingOfWhatCameInTooLargeIsInherited)
{
    const auto sums = splitError(tensorOf({0.5F, 3}), tensorOf({1, 1}), tensorOf({5, 3}), nullptr,
                                 QuantizedRange{0.0, 1.0, 0.0});

    EXPECT_EQ(sums.clipped, 1U); // the second: the baseline's own number does not fit
    EXPECT_DOUBLE_EQ(sums.clippedInherited, 16.0);
}

TEST(ReplayEnergiesTest, ARangeThatEndsLessThanAStepBeforeTheBaselinesNumbersDoesNotClipThem)
{
    const QuantizedRange range{0.0, 1.0, 0.1};
    const auto sums =
        splitError(tensorOf({1.05F}), tensorOf({1}), tensorOf({1.5F}), nullptr, range);

    EXPECT_EQ(sums.clipped, 0U);
    EXPECT_DOUBLE_EQ(sums.clippedInherited, 0.25);
}

TEST(ReplayEnergiesTest, CountsNumbersThatTheOpItselfLoses)
{
    const float infinite = std::numeric_limits<float>::infinity();
    const auto sums =
        splitError(tensorOf({1, 2}), tensorOf({infinite, 2}), tensorOf({1, 2}), nullptr, {});

    EXPECT_EQ(sums.nonfinite, 1U);
    EXPECT_EQ(sums.count, 1U);
}

ReplayedPoint pointWith(double introduced, double stepSquare)
{
    ReplayedPoint point;
    point.all.count = 100;
    point.all.baseline = 100.0;
    point.all.introduced = introduced;
    point.promise.stepSquare = stepSquare;
    return point;
}

TEST(ReplayAttributionTest, RoundingToTheOutputsStepIsAnExcessOfOne)
{
    std::vector<PointAttribution> out(1);
    const std::vector replayed{pointWith(100.0 * 0.01 / 12.0, 0.01)};

    applyReplay(replayed, out);

    ASSERT_TRUE(out[0].excess);
    EXPECT_NEAR(*out[0].excess, 1.0, 1e-6);
    EXPECT_EQ(out[0].level, PointAttribution::Level::Replay);
}

TEST(ReplayAttributionTest, MoreThanTheFormatPromisesIsSaidWithItsNumber)
{
    std::vector<PointAttribution> out(1);
    const std::vector replayed{pointWith(100.0 * 0.1 / 12.0, 0.01)};

    applyReplay(replayed, out);

    ASSERT_EQ(out[0].hints.size(), 1U);
    EXPECT_EQ(out[0].hints[0], "it introduces 10 times the error that its number formats promise");
}

TEST(ReplayAttributionTest, APointThatCannotBeReplayedKeepsItsLevelAndSaysWhy)
{
    std::vector<PointAttribution> out(1);
    out[0].level = PointAttribution::Level::Tensors;
    std::vector replayed{pointWith(1.0, 0.01)};
    replayed[0].obstacle = "it lies in a body";

    applyReplay(replayed, out);

    EXPECT_EQ(out[0].level, PointAttribution::Level::Tensors);
    EXPECT_EQ(out[0].obstacle, "it lies in a body");
    EXPECT_FALSE(out[0].excess);
}

TEST(ReplayPlanTest, ARegionReachesBackToTheNearestComparedValues)
{
    testing::Scenario scenario;
    scenario.input("x").op("a", "Relu", {"x"}).op("b", "Conv", {"a"}).op("c", "Tanh", {"b"});
    scenario.output("c").error("x", 0.0).error("a", 0.001).error("c", 0.01);
    scenario.run();

    const auto regions = planReplay(*scenario.graph, scenario.alignment, [&](SyncPointId id) {
        return scenario.errors[id.index()].isCompared;
    });

    const ReplayRegion &region = regions[scenario.id("c").index()];
    EXPECT_EQ(region.obstacle, "");
    EXPECT_EQ(region.ops.size(), 2U); // Tanh and the Conv that was not compared
    EXPECT_EQ(region.inputs, (std::vector<SyncPointId>{scenario.id("a")}));
    EXPECT_EQ(region.constants.size(), 1U);
    EXPECT_TRUE(regions[scenario.id("x").index()].isInput());
    EXPECT_EQ(regions[scenario.id("b").index()].obstacle, "it was not compared");
}

TEST(ReplayDivergenceTest, AnOpBeyondItsPromiseIsTheStartAndThoseBehindItAreNot)
{
    testing::Scenario scenario;
    scenario.input("x").op("a", "Relu", {"x"}).op("b", "Tanh", {"a"}).op("c", "Relu", {"b"});
    scenario.output("c").error("x", 0.0).error("a", 0.1).error("b", 0.2).error("c", 0.25);
    scenario.run();
    auto points = scenario.points;
    const auto set = [&](const char *name, double excess, double reaching) {
        points[scenario.id(name).index()].excess = excess;
        points[scenario.id(name).index()].reachingOutput = reaching;
        points[scenario.id(name).index()].sampleExcess = {excess, excess};
    };
    set("x", 0.0, 0.0);
    set("a", 50.0, 0.15);
    set("b", 9.0, 0.1);
    set("c", 1.0, 0.0);

    const Divergence found = findDivergence(*scenario.graph, scenario.alignment, scenario.errors,
                                            points, scenario.modules);

    EXPECT_EQ(found.verdict, Divergence::Verdict::Start);
    EXPECT_EQ(found.start, (std::vector<SyncPointId>{scenario.id("a")}));
    EXPECT_TRUE(found.suspects[1].isFaulty);
    EXPECT_EQ(found.path.size(), 3U);
    EXPECT_EQ(found.stability, 1.0);
}

TEST(ReplayDivergenceTest, ErrorsWithinTheirPromiseAccumulateHoweverLarge)
{
    testing::Scenario scenario;
    scenario.input("x").op("a", "Relu", {"x"}).op("b", "Tanh", {"a"});
    scenario.output("b").error("x", 0.0).error("a", 0.5).error("b", 0.6);
    scenario.run();
    auto points = scenario.points;
    for (PointAttribution &point : points) {
        point.excess = 1.5;
    }
    const Divergence found = findDivergence(*scenario.graph, scenario.alignment, scenario.errors,
                                            points, scenario.modules);

    EXPECT_EQ(found.verdict, Divergence::Verdict::Accumulated);
}

} // namespace
} // namespace syncpoint
