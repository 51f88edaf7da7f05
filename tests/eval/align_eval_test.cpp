#include "compare/align/aligner.h"
#include "compare/align/coverage.h"
#include "evaluation.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace syncpoint::eval {
namespace {

void print(const std::string &label, const Score &score)
{
    fmt::print("{:<34} {:>6.3f} {:>6.3f} {:>6.3f} {:>5} {:>8.1f} ms\n", label, score.precision(),
               score.recall(), score.f1(), score.violations, score.seconds * 1e3);
}

/// SYNCPOINT_EVAL_SEEDS runs more random networks; the default keeps the test short.
std::uint32_t seedCount()
{
    const char *text = std::getenv("SYNCPOINT_EVAL_SEEDS");
    return text == nullptr ? 1 : static_cast<std::uint32_t>(std::clamp(std::atoi(text), 1, 1000));
}

class AlignmentEvaluation : public ::testing::TestWithParam<bool>
{
};

TEST_P(AlignmentEvaluation, EveryEditOfScrambledNetworksReachesItsGate)
{
    fmt::print("{:<34} {:>6} {:>6} {:>6} {:>5} {:>8}\n",
               GetParam() ? "edited side is the baseline" : "edited side is the candidate", "prec.",
               "recall", "F1", "viol.", "time");
    const bool isVerbose = std::getenv("SYNCPOINT_EVAL_VERBOSE") != nullptr;
    std::size_t proven = 0;
    for (const Edit &edit : edits()) {
        Score all;
        for (std::uint32_t seed = 0; seed < seedCount(); ++seed) {
            for (const NamedNet &base : developedNets(100 * seed)) {
                const auto made = editedCase(base, edit, seed + 1, GetParam());
                if (!made) {
                    continue;
                }
                const Score score = alignCase(*made);
                if (isVerbose && score.f1() < 1.0) {
                    print(fmt::format("  {} / {}", edit.name, base.name), score);
                }
                all += score;
            }
        }
        print(edit.name, all);
        const bool isStacked = edit.name.find('+') != std::string::npos;
        EXPECT_GE(all.precision(), isStacked ? 0.98 : 0.99) << edit.name;
        EXPECT_GE(all.recall(), isStacked ? 0.90 : 0.95) << edit.name;
        EXPECT_EQ(all.disproved, 0U) << edit.name;
        proven += all.proven;
    }
    EXPECT_GT(proven, 400U); // ops that only one model has
}

INSTANTIATE_TEST_SUITE_P(BothWays, AlignmentEvaluation, ::testing::Bool());

TEST(AlignmentBaselineTest, NamesAndOrderAloneFindLittleOrTheWrongThing)
{
    for (const SimpleMethod &method : simpleMethods()) {
        Score all;
        for (const Edit &edit : edits()) {
            for (const NamedNet &base : baseNets(0)) {
                if (const auto made = editedCase(base, edit, 1, false)) {
                    all += simpleCase(*made, method);
                }
            }
        }
        print(method.name, all);
        EXPECT_LT(all.f1(), 0.95) << method.name;
    }
}

TEST(UnrelatedNetworksTest, ShareNoConfidentPair)
{
    const auto nets = developedNets(7);
    const auto others = developedNets(5000);
    for (std::size_t i = 0; i < nets.size(); ++i) {
        for (std::size_t j = 0; j < others.size(); ++j) {
            if (i == j) {
                continue;
            }
            Net net = others[j].net;
            Truth none;
            Random random(3);
            scramble(net, none, random);
            const auto baseline = nets[i].net.build();
            const auto candidate = net.build();
            const Alignment alignment = alignGraphs(*baseline, *candidate, {}, {}).value();
            for (const SyncPoint &point : alignment.points) {
                EXPECT_LE(point.match.confidence, 0.8)
                    << nets[i].name << " / " << others[j].name << ": " << point.match.rule;
            }
            EXPECT_LE(matchableOps(*candidate, alignment.candidate).ratio(), 0.15)
                << nets[i].name << " / " << others[j].name;
        }
    }
}

} // namespace
} // namespace syncpoint::eval
