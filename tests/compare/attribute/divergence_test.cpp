#include "scenario.h"

#include <gmock/gmock.h>

namespace syncpoint {
namespace {

using ::testing::HasSubstr;
using testing::Scenario;

TEST(DivergenceTest, AllWithinLimitsIsNone)
{
    Scenario s;
    s.input("x").op("a", "Relu", {"x"}).output("a").error("x", 0.0).error("a", 1e-6);
    s.run();

    EXPECT_EQ(s.divergence.verdict, Divergence::Verdict::None);
    EXPECT_TRUE(s.divergence.start.empty());
    EXPECT_THAT(s.divergence.sentence, HasSubstr("within its limits"));
}

TEST(DivergenceTest, NothingComparedIsNotAPass)
{
    Scenario s;
    s.input("x").op("a", "Relu", {"x"}).output("a");
    s.run();

    EXPECT_THAT(s.divergence.sentence, HasSubstr("Nothing was compared"));
}

TEST(DivergenceTest, OneDominantOpIsTheStartWithModuleAndSourceLine)
{
    Scenario s;
    s.input("x")
        .op("a", "Relu", {"x"})
        .op("bad", "Conv", {"a"}, "net.head")
        .op("c", "Relu", {"bad"});
    s.output("c").error("x", 0.0).error("a", 0.001).error("bad", 0.5).error("c", 0.5);
    s.run();

    ASSERT_EQ(s.divergence.verdict, Divergence::Verdict::Start);
    EXPECT_EQ(s.divergence.start, std::vector<SyncPointId>{s.id("bad")});
    EXPECT_EQ(s.divergence.suspects.front().point, s.id("bad"));
    EXPECT_GT(s.divergence.suspects.front().share, 0.9);
    EXPECT_THAT(s.divergence.sentence, HasSubstr("bad (Conv) in net.head, net.py line 12"));
}

TEST(DivergenceTest, FirstNonfiniteValueIsTheStartWhateverTheNumbersSay)
{
    Scenario s;
    s.input("x").op("a", "Conv", {"x"}).op("b", "Exp", {"a"}).op("c", "Relu", {"b"}).output("c");
    s.error("x", 0.0).error("a", 0.9).nonfinite("b").nonfinite("c");
    s.run();

    EXPECT_EQ(s.divergence.verdict, Divergence::Verdict::Start);
    EXPECT_EQ(s.divergence.start, std::vector<SyncPointId>{s.id("b")});
    EXPECT_EQ(s.divergence.suspects.front().point, s.id("b"));
}

TEST(DivergenceTest, InputThatTheCandidateClipsIsTheStart)
{
    Scenario s;
    s.input("x").op("a", "Conv", {"x"}).op("b", "Conv", {"a"}).output("b");
    s.error("x", 0.3).error("a", 0.4).error("b", 0.9);
    s.run();

    EXPECT_EQ(s.divergence.verdict, Divergence::Verdict::Start);
    EXPECT_THAT(s.divergence.sentence,
                HasSubstr("the input 'x': the candidate changes its numbers"));
}

TEST(DivergenceTest, TwoBranchesThatBothBreakAreASet)
{
    Scenario s;
    s.input("x").op("a", "Conv", {"x"}).op("b", "Conv", {"x"}).op("c", "Add", {"a", "b"});
    s.output("c").error("x", 0.0).error("a", 0.4).error("b", 0.5).error("c", 0.9);
    s.run();

    EXPECT_EQ(s.divergence.verdict, Divergence::Verdict::Set);
    EXPECT_EQ(s.divergence.start.size(), 2U);
}

TEST(DivergenceTest, EvenGrowthIsAccumulatedAndNamesTheModuleThatStandsOut)
{
    Scenario s;
    s.input("x").weight("w", 10000).weight("v", 10).error("x", 0.0);
    std::string last = "x";
    double nsr = 0.0;
    for (int i = 0; i < 10; ++i) {
        const std::string name = "op" + std::to_string(i);
        s.op(name, "MatMul", {last, i < 8 ? "w" : "v"}, i < 8 ? "body" : "head");
        nsr += i < 8 ? 0.01 : 0.04;
        s.error(name, nsr);
        last = name;
    }
    s.output(last);
    s.run();

    EXPECT_EQ(s.divergence.verdict, Divergence::Verdict::Accumulated);
    EXPECT_THAT(s.divergence.sentence, HasSubstr("No single culprit"));
    EXPECT_THAT(s.divergence.sentence, HasSubstr("head has 0.1 % of the parameters and introduces 50 %"));
    EXPECT_EQ(verdictName(s.divergence.verdict), "accumulated");
}

} // namespace
} // namespace syncpoint
