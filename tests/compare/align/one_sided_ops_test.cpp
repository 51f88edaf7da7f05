#include "compare/align/coverage.h"
#include "graphs.h"

#include <functional>

// Ops that only one model has are no gap in the alignment, if that can be proven.
namespace syncpoint {
namespace {

using testing::align;
using testing::GraphMaker;

/// x → Exp "a" → what `between` adds, from "a" to `last` → Sin "b" → Cos "c".
std::shared_ptr<const Graph> chainWith(const std::function<void(GraphMaker &)> &between,
                                       const std::string &last)
{
    GraphMaker maker;
    maker.input("x", {4}).op("Exp", {"x"}, "a", {4});
    between(maker);
    return maker.op("Sin", {last}, "b", {4}).op("Cos", {"b"}, "c", {4}).output("c").build();
}

std::shared_ptr<const Graph> plainChain()
{
    return chainWith([](GraphMaker &) {}, "a");
}

ValueOutcome candidateOutcome(const Graph &baseline, const Graph &candidate, const char *name)
{
    return align(baseline, candidate).candidate[candidate.findValue(name)->index()];
}

TEST(OneSidedOpsTest, AnOpBetweenPairedNeighboursIsInsertedAndNotMatchable)
{
    const auto baseline = plainChain();
    const auto candidate =
        chainWith([](GraphMaker &maker) { maker.op("Neg", {"a"}, "more", {4}); }, "more");

    const Alignment alignment = align(*baseline, *candidate);
    const ValueOutcome &outcome = alignment.candidate[candidate->findValue("more")->index()];

    EXPECT_EQ(outcome.status, ValueStatus::OneSided);
    EXPECT_EQ(outcome.reason, "inserted: the baseline reads a directly");
    const OpCoverage coverage = matchableOps(*candidate, alignment.candidate);
    EXPECT_EQ(coverage.matchable.size(), 3U);
    EXPECT_EQ(coverage.oneSided.size(), 1U);
    EXPECT_EQ(coverage.ratio(), 1.0);
}

TEST(OneSidedOpsTest, FromTheOtherSideItIsLeftOut)
{
    const auto baseline =
        chainWith([](GraphMaker &maker) { maker.op("Neg", {"a"}, "more", {4}); }, "more");
    const auto candidate = plainChain();

    const ValueOutcome outcome =
        align(*baseline, *candidate).reference[baseline->findValue("more")->index()];

    EXPECT_EQ(outcome.status, ValueStatus::OneSided);
    EXPECT_EQ(outcome.reason, "left out: the candidate reads a directly");
}

TEST(OneSidedOpsTest, AChainWithViewsAndAResidualBlockAreInserted)
{
    const auto candidate = chainWith(
        [](GraphMaker &maker) {
            maker.op("Neg", {"a"}, "n", {4})
                .op("Reshape", {"n"}, "n2", {2, 2})
                .op("Abs", {"n2"}, "m", {2, 2})
                .op("Reshape", {"m"}, "m2", {4})
                .op("Add", {"a", "m2"}, "sum", {4});
        },
        "sum");
    const auto baseline = plainChain();

    const Alignment alignment = align(*baseline, *candidate);

    for (const char *name : {"n", "n2", "m", "m2", "sum"}) {
        EXPECT_EQ(alignment.candidate[candidate->findValue(name)->index()].status,
                  ValueStatus::OneSided)
            << name;
    }
}

TEST(OneSidedOpsTest, AnInsertedOpMayMixInDataThatHasNoCounterpart)
{
    const auto candidate = chainWith(
        [](GraphMaker &maker) {
            maker.input("noise", {4}).op("Add", {"a", "noise"}, "sum", {4});
        },
        "sum");

    EXPECT_EQ(candidateOutcome(*plainChain(), *candidate, "sum").status, ValueStatus::OneSided);
    EXPECT_EQ(candidateOutcome(*plainChain(), *candidate, "noise").status, ValueStatus::Unmatched);
}

TEST(OneSidedOpsTest, OperandsOfASumMayComeInAnyOrder)
{
    const auto make = [](bool hasMore) {
        GraphMaker maker;
        maker.input("x", {4}).op("Exp", {"x"}, "a", {4}).op("Sin", {"x"}, "b", {4});
        if (hasMore) {
            maker.op("Neg", {"a"}, "more", {4}).op("Add", {"b", "more"}, "sum", {4});
        } else {
            maker.op("Add", {"a", "b"}, "sum", {4});
        }
        return maker.op("Cos", {"sum"}, "y", {4}).output("y").build();
    };

    const ValueOutcome outcome = candidateOutcome(*make(false), *make(true), "more");

    EXPECT_EQ(outcome.status, ValueStatus::OneSided);
    EXPECT_EQ(outcome.reason, "inserted: the baseline reads a directly");
}

TEST(OneSidedOpsTest, AnOpBeforeAnOutputIsInsertedWhereTheOtherModelReturnsItsOperand)
{
    const auto baseline = GraphMaker()
                              .input("x", {4})
                              .op("Exp", {"x"}, "a", {4})
                              .op("Sin", {"a"}, "b", {4})
                              .output("b")
                              .build();
    const auto candidate = GraphMaker()
                               .input("x", {4})
                               .op("Exp", {"x"}, "a", {4})
                               .op("Sin", {"a"}, "b", {4})
                               .op("Neg", {"b"}, "y", {4})
                               .output("y")
                               .build();

    const ValueOutcome outcome = candidateOutcome(*baseline, *candidate, "y");

    EXPECT_EQ(outcome.status, ValueStatus::OneSided);
    EXPECT_EQ(outcome.reason, "inserted: the baseline returns b directly");
}

TEST(OneSidedOpsTest, AnOpWhoseReaderIsUnpairedStaysUnmatched)
{
    const auto candidate = GraphMaker()
                               .input("x", {4})
                               .op("Exp", {"x"}, "a", {4})
                               .op("Neg", {"a"}, "more", {4})
                               .op("Floor", {"more"}, "other", {4})
                               .output("other")
                               .build();

    EXPECT_EQ(candidateOutcome(*plainChain(), *candidate, "more").status, ValueStatus::Unmatched);
}

TEST(OneSidedOpsTest, AnOpIsNotInsertedWhereTheOtherModelReadsSomethingElse)
{
    const auto candidate =
        chainWith([](GraphMaker &maker) { maker.op("Neg", {"a"}, "more", {4}); }, "more");
    const auto baseline = GraphMaker()
                              .input("x", {4})
                              .op("Exp", {"x"}, "a", {4})
                              .op("Sin", {"x"}, "b", {4})
                              .op("Cos", {"b"}, "c", {4})
                              .output("a")
                              .output("c")
                              .build();

    EXPECT_EQ(candidateOutcome(*baseline, *candidate, "b").status, ValueStatus::Paired);
    EXPECT_EQ(candidateOutcome(*baseline, *candidate, "more").status, ValueStatus::Unmatched);
}

TEST(OneSidedOpsTest, WhatMultipliesTheScalesIntoAnIntegerProductIsNotInserted)
{
    const auto baseline = plainChain();
    GraphMaker maker;
    maker.input("x", {4})
        .op("Exp", {"x"}, "a", {4}) // in place of the product: paired by name, wrongly
        .op("Cast", {"a"}, "reals", {4})
        .op("Neg", {"reals"}, "more", {4})
        .op("Sin", {"more"}, "b", {4})
        .op("Cos", {"b"}, "c", {4})
        .output("c");
    maker.edit("a").dtype = DType::Int32;
    const auto candidate = maker.build();

    EXPECT_EQ(candidateOutcome(*baseline, *candidate, "a").status, ValueStatus::Paired);
    EXPECT_EQ(candidateOutcome(*baseline, *candidate, "b").status, ValueStatus::Paired);
    EXPECT_EQ(candidateOutcome(*baseline, *candidate, "more").status, ValueStatus::Unmatched);
}

TEST(OneSidedOpsTest, OfTwoEqualOpsInARowNothingTellsWhichIsNew)
{
    const auto before =
        chainWith([](GraphMaker &maker) { maker.op("Exp", {"a"}, "more", {4}); }, "more");
    const auto after =
        chainWith([](GraphMaker &maker) { maker.op("Sin", {"a"}, "more", {4}); }, "more");

    EXPECT_EQ(candidateOutcome(*plainChain(), *before, "more").status, ValueStatus::Unmatched);
    EXPECT_EQ(candidateOutcome(*plainChain(), *after, "more").status, ValueStatus::Unmatched);
}

TEST(OneSidedOpsTest, OneReaderThatIsNotExplainedIsEnoughToStayUnmatched)
{
    const auto candidate = chainWith(
        [](GraphMaker &maker) {
            maker.op("Neg", {"a"}, "more", {4}).op("Floor", {"more"}, "f", {4}).output("f");
        },
        "more");

    EXPECT_EQ(candidateOutcome(*plainChain(), *candidate, "more").status, ValueStatus::Unmatched);
}

TEST(OneSidedOpsTest, AnOpThatStandsElsewhereInTheOtherModelIsNotInserted)
{
    const auto make = [](const std::vector<std::pair<const char *, const char *>> &ops) {
        GraphMaker maker;
        maker.input("x", {4});
        std::string last = "x";
        for (const auto &[type, name] : ops) {
            maker.op(type, {last}, name, {4});
            last = name;
        }
        return maker.output(last).build();
    };
    const auto baseline =
        make({{"Exp", "a"}, {"Neg", "early"}, {"Sin", "b"}, {"Cos", "c"}, {"Erf", "d"}});
    const auto candidate =
        make({{"Exp", "a"}, {"Sin", "b"}, {"Cos", "c"}, {"Neg", "late"}, {"Erf", "d"}});

    const Alignment alignment = align(*baseline, *candidate);

    for (const char *name : {"a", "b", "c", "d"}) {
        EXPECT_EQ(testing::partnerOf(alignment, *baseline, *candidate, name), name);
    }
    EXPECT_NE(alignment.candidate[candidate->findValue("late")->index()].status,
              ValueStatus::OneSided);
    EXPECT_NE(alignment.reference[baseline->findValue("early")->index()].status,
              ValueStatus::OneSided);
}

} // namespace
} // namespace syncpoint
