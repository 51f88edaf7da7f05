#include "compare/align/value_fingerprint.h"
#include "graphs.h"

#include <limits>

namespace syncpoint {
namespace {

using testing::GraphMaker;
using testing::normal;
using testing::Numbers;
using testing::pointOf;
using testing::reading;

/// Two branches of equal ops that nothing in the graph tells apart.
std::shared_ptr<const Graph> twins(const std::string &a, const std::string &b)
{
    return GraphMaker()
        .input("x", {256})
        .op("Exp", {"x"}, a, {256})
        .op("Exp", {a}, a + "2", {256})
        .op("Exp", {"x"}, b, {256})
        .op("Log", {b}, b + "2", {256})
        .output(a + "2")
        .output(b + "2")
        .build();
}

TEST(ValueFingerprintTest, IsBlindToOrderAndSeesOtherDistributions)
{
    const auto numbers = normal(0.0F, 1.0F, 1);
    auto turned = numbers;
    std::reverse(turned.begin(), turned.end());

    const auto own = fingerprintOf(numbers);

    ASSERT_TRUE(own);
    EXPECT_EQ(fingerprintDistance(*own, *fingerprintOf(turned)), 0.0);
    EXPECT_GT(fingerprintDistance(*own, *fingerprintOf(normal(1.0F, 2.0F, 2))), 0.5);
}

TEST(ValueFingerprintTest, EqualOrFewOrInfiniteNumbersIdentifyNothing)
{
    EXPECT_FALSE(fingerprintOf(std::vector<float>(100, 3.0F)));
    EXPECT_FALSE(fingerprintOf({1.0F, 2.0F}));
    auto numbers = normal(0.0F, 1.0F, 1);
    numbers[5] = std::numeric_limits<float>::infinity();
    EXPECT_FALSE(fingerprintOf(numbers));
}

TEST(ValueStageTest, NumbersPairWhatTheGraphsDoNotTellApartWithoutConfidence)
{
    // Different numbers of unnamed ops before each: no operand leads from one side to the other.
    const auto make = [](const std::string &prefix, const char *inner) {
        GraphMaker maker;
        maker.input(prefix + "x", {256});
        std::string at = prefix + "x";
        for (int i = 0; i < 6; ++i) {
            const std::string next = prefix + std::to_string(i);
            maker.op(inner, {at}, next, {256});
            at = next;
        }
        return maker.op("Softmax", {at}, prefix + "s", {256})
            .op(inner, {prefix + "s"}, prefix + "t", {256})
            .op(inner, {prefix + "t"}, prefix + "end", {256})
            .output(prefix + "end")
            .build();
    };
    const auto baseline = make("a", "Sin");
    const auto candidate = make("b", "Cos");
    const Numbers own{{"as", normal(0.0F, 1.0F, 1)}, {"at", normal(5.0F, 1.0F, 2)}};
    const Numbers other{{"bs", normal(0.0F, 1.0F, 1)}, {"bt", normal(-5.0F, 1.0F, 3)}};

    const auto blind = alignGraphs(*baseline, *candidate, {}, {}).value();
    const auto seeing = alignGraphs(*baseline, *candidate, {}, {},
                                    {reading(*baseline, own), reading(*candidate, other)})
                            .value();

    EXPECT_EQ(pointOf(blind, *baseline, "as"), nullptr);
    const SyncPoint *point = pointOf(seeing, *baseline, "as");
    ASSERT_NE(point, nullptr);
    EXPECT_EQ(candidate->qualifiedName(point->candidate), "bs");
    EXPECT_EQ(point->match.rule, "value");
    EXPECT_LE(point->match.confidence, 0.8);
}

TEST(ValueStageTest, WarnsWhenAnotherValueHasTheNumbersOfANamesake)
{
    const auto baseline = twins("p", "q");
    const auto candidate = GraphMaker()
                               .input("x", {256})
                               .op("Exp", {"x"}, "p", {256})
                               .op("Exp", {"p"}, "p2", {256})
                               .op("Exp", {"x"}, "q", {256})
                               .op("Log", {"q"}, "q2", {256})
                               .op("Neg", {"x"}, "n", {256})
                               .op("Exp", {"n"}, "other", {256})
                               .output("p2")
                               .output("q2")
                               .output("other")
                               .build();
    const Numbers own{{"p2", normal(0.0F, 1.0F, 1)}};
    const Numbers other{{"p2", normal(9.0F, 1.0F, 2)}, {"other", normal(0.0F, 1.0F, 1)}};

    const auto alignment = alignGraphs(*baseline, *candidate, {}, {},
                                       {reading(*baseline, own), reading(*candidate, other)})
                               .value();

    ASSERT_EQ(alignment.diagnostics.size(), 1U);
    EXPECT_NE(alignment.diagnostics[0].text.find("'other'"), std::string::npos);
}

} // namespace
} // namespace syncpoint
