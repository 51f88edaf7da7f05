#include "scenario.h"

namespace syncpoint {
namespace {

using testing::Scenario;

TEST(ModuleRollUpTest, ParentsSumTheirChildrenDepthFirst)
{
    Scenario s;
    s.input("x").weight("w", 30).weight("v", 70);
    s.op("a", "MatMul", {"x", "w"}, "enc.one").op("b", "MatMul", {"a", "v"}, "enc.two");
    s.op("c", "Relu", {"b"}, "dec").output("c");
    s.error("x", 0.0).error("a", 0.02).error("b", 0.05).error("c", 0.0);
    s.run();

    ASSERT_NE(s.module("enc"), nullptr);
    EXPECT_EQ(s.module("enc")->syncPoints, 2U);
    EXPECT_EQ(s.module("enc")->parameters, 100U);
    EXPECT_DOUBLE_EQ(s.module("enc.one")->parameterShare, 0.3);
    EXPECT_EQ(s.module("enc.two")->bytes, 280U);
    EXPECT_EQ(s.module("enc")->worstPoint, s.id("b"));
    EXPECT_EQ(s.module("enc")->warn, 2U);
    EXPECT_EQ(s.modules.front().module, ModuleId{0});
    EXPECT_EQ(s.modules.front().syncPoints, 4U); // the input as well
    EXPECT_EQ(s.modules[1].syncPoints, 2U);
}

TEST(ModuleRollUpTest, SharesOfSiblingsAddUpToOne)
{
    Scenario s;
    s.input("x").op("a", "Conv", {"x"}, "one").op("b", "Conv", {"a"}, "two").output("b");
    s.error("x", 0.0).error("a", 0.02).error("b", 0.05);
    s.run();

    EXPECT_NEAR(s.module("one")->introducedShare + s.module("two")->introducedShare, 1.0, 1e-12);
    EXPECT_NEAR(s.module("two")->introducedShare, 0.6, 1e-12);
}

TEST(ModuleRollUpTest, ModuleThatOnlyCarriesItsWeightDoesNotStandOut)
{
    Scenario s;
    s.input("x").weight("w", 50).weight("v", 50);
    s.op("a", "MatMul", {"x", "w"}, "one").op("b", "MatMul", {"a", "v"}, "two").output("b");
    s.error("x", 0.0).error("a", 0.02).error("b", 0.04);
    s.run();

    EXPECT_EQ(standoutModule(*s.graph, s.modules), nullptr);
}

TEST(ModuleRollUpTest, NoModuleStandsOutWhenNobodyKnowsTheParameters)
{
    Scenario s;
    s.input("x").op("a", "Relu", {"x"}, "one").op("b", "Relu", {"a"}, "two").output("b");
    s.error("x", 0.0).error("a", 0.04).error("b", 0.05);
    s.run();

    EXPECT_EQ(standoutModule(*s.graph, s.modules), nullptr);
}

} // namespace
} // namespace syncpoint
