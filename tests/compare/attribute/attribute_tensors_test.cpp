#include "scenario.h"

namespace syncpoint {
namespace {

using testing::Scenario;

double total(const Scenario &s)
{
    double sum = 0.0;
    for (const PointAttribution &point : s.points) {
        sum += point.reachingOutput.value_or(0.0);
    }
    return sum;
}

TEST(AttributeTensorsTest, DeltaIsTheRiseOverTheWorstInput)
{
    Scenario s;
    s.input("x").op("a", "Relu", {"x"}).op("b", "Conv", {"a"}).output("b");
    s.error("x", 0.0).error("a", 0.01).error("b", 0.04);
    s.run();

    EXPECT_DOUBLE_EQ(*s.point("a").deltaNsr, 0.01);
    EXPECT_NEAR(*s.point("b").deltaNsr, 0.03, 1e-12);
    EXPECT_NEAR(*s.point("b").gain, 2.0, 1e-12);
    EXPECT_FALSE(s.point("a").gain.has_value()); // its input has no error
    EXPECT_EQ(s.point("b").inputs, std::vector<SyncPointId>{s.id("a")});
}

TEST(AttributeTensorsTest, ValuesThatWereNotComparedAreLookedThrough)
{
    Scenario s;
    s.input("x").op("a", "Relu", {"x"}).op("gap", "Tanh", {"a"}).op("b", "Conv", {"gap"});
    s.output("b").error("x", 0.0).error("a", 0.0).error("b", 0.5);
    s.run();

    EXPECT_EQ(s.point("b").inputs, std::vector<SyncPointId>{s.id("a")});
    EXPECT_TRUE(s.point("b").isSource);
    EXPECT_EQ(s.point("gap").level, PointAttribution::Level::None);
}

TEST(AttributeTensorsTest, BadOpAfterABadOpIsNoSource)
{
    Scenario s;
    s.input("x").op("a", "Conv", {"x"}).op("b", "Conv", {"a"}).output("b");
    s.error("x", 0.0).error("a", 0.5).error("b", 0.5);
    s.run();

    EXPECT_TRUE(s.point("a").isSource);
    EXPECT_FALSE(s.point("b").isSource);
}

TEST(AttributeTensorsTest, SharesAddUpToTheOutputsError)
{
    Scenario s;
    s.input("x").op("a", "Conv", {"x"}).op("b", "Conv", {"a"}).op("c", "Add", {"a", "b"});
    s.output("c").error("x", 0.0).error("a", 0.01).error("b", 0.03).error("c", 0.05);
    s.run();

    EXPECT_NEAR(total(s), 0.05, 1e-12);
    EXPECT_NEAR(*s.point("c").reachingOutput, 0.05 - 0.04, 1e-12); // energies of a sum add
}

TEST(AttributeTensorsTest, LoudErrorOnAQuietBranchCountsByWhatReachesTheOutput)
{
    // The branch is all noise, but it is small beside what it is added to.
    Scenario s;
    s.input("x").op("skip", "Conv", {"x"}).op("branch", "Softmax", {"x"});
    s.op("sum", "Add", {"skip", "branch"}).output("sum");
    s.error("x", 0.0).error("skip", 0.01, 100.0).error("branch", 1.0, 0.01);
    s.error("sum", 0.0101, 100.0);
    s.run();

    EXPECT_GT(*s.point("branch").deltaNsr, *s.point("skip").deltaNsr);
    EXPECT_GT(s.point("skip").introducedOrDelta(), 50.0 * s.point("branch").introducedOrDelta());
}

TEST(AttributeTensorsTest, OpWithUntouchedWeightsOnlyPassesOnWhatItGot)
{
    Scenario s;
    s.input("x").weight("w", 4, 1.0F).op("a", "Conv", {"x"}).op("b", "MatMul", {"a", "w"});
    s.output("b").error("x", 0.0).error("a", 0.01).error("b", 0.03);
    s.run();

    EXPECT_GT(*s.point("b").deltaNsr, 0.0);
    EXPECT_EQ(*s.point("b").reachingOutput, 0.0);
    EXPECT_NEAR(*s.point("a").reachingOutput, 0.03, 1e-12);
}

TEST(AttributeTensorsTest, SumWithAConstantIsNotJudgedByEnergies)
{
    // The operand of a fused MatMul + Add has a scale of its own: only its ratio means something.
    Scenario s;
    s.input("x").weight("bias", 4).op("a", "Conv", {"x"}).op("b", "Add", {"a", "bias"});
    s.output("b").error("x", 0.0).error("a", 0.01, 1e-3).error("b", 0.01, 1e3);
    s.run();

    EXPECT_NEAR(*s.point("b").reachingOutput, 0.0, 1e-12);
}

TEST(AttributeTensorsTest, WithoutAComparedOutputDeltaRanks)
{
    Scenario s;
    s.input("x").op("a", "Conv", {"x"}).op("b", "Conv", {"a"}).output("b");
    s.error("x", 0.0).error("a", 0.02);
    s.run();

    EXPECT_FALSE(s.point("a").reachingOutput.has_value());
    EXPECT_DOUBLE_EQ(s.point("a").introducedOrDelta(), 0.02);
}

TEST(AttributeTensorsTest, InfiniteRatioOfAZeroReferenceYieldsNoNumbers)
{
    Scenario s;
    s.input("x").op("a", "Conv", {"x"}).op("b", "Relu", {"a"}).output("b");
    s.error("x", 0.0).error("a", std::numeric_limits<double>::infinity(), 0.0).error("b", 0.1);
    s.run();

    EXPECT_FALSE(s.point("a").nsr.has_value());
    EXPECT_FALSE(s.point("b").deltaNsr.has_value());
    EXPECT_TRUE(std::isfinite(total(s)));
}

} // namespace
} // namespace syncpoint
