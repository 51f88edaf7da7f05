#include "compare/align/aligner.h"
#include "compare/align/coverage.h"
#include "net.h"
#include "scoring.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace syncpoint::eval {
namespace {

Alignment alignTimed(const Graph &baseline, const Graph &candidate, double &seconds)
{
    const auto start = std::chrono::steady_clock::now();
    auto alignment = alignGraphs(baseline, candidate, {}, {});
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    EXPECT_TRUE(alignment);
    return alignment ? std::move(alignment).value() : Alignment{};
}

struct Case
{
    std::shared_ptr<const Graph> baseline;
    std::shared_ptr<const Graph> candidate;
    Truth truth;
};

Case edited(const NamedNet &base, const Edit &edit, std::uint32_t seed, bool swapped)
{
    Random random(seed);
    Net net = base.net;
    Truth truth = identityOf(net);
    edit.apply(net, truth, random);
    scramble(net, truth, random);
    Case made{base.net.build(), net.build(), {}};
    if (!swapped) {
        made.truth = std::move(truth);
        return made;
    }
    std::swap(made.baseline, made.candidate);
    for (const auto &[name, partners] : truth) {
        for (const std::string &partner : partners) {
            made.truth[partner].insert(name);
        }
    }
    return made;
}

Score run(const Case &made)
{
    double seconds = 0.0;
    const Alignment alignment = alignTimed(*made.baseline, *made.candidate, seconds);
    Score score = judge(*made.baseline, *made.candidate, made.truth, pairsOf(alignment));
    score.violations = alignment.reachabilityViolations;
    score.seconds = seconds;
    return score;
}

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
    for (const Edit &edit : edits()) {
        Score all;
        for (std::uint32_t seed = 0; seed < seedCount(); ++seed) {
            for (const NamedNet &base : baseNets(100 * seed)) {
                const Score score = run(edited(base, edit, seed + 1, GetParam()));
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
    }
}

INSTANTIATE_TEST_SUITE_P(BothWays, AlignmentEvaluation, ::testing::Bool());

TEST(AlignmentBaselineTest, NamesAndOrderAloneFindLittleOrTheWrongThing)
{
    const std::pair<const char *, Pairs (*)(const Graph &, const Graph &)> methods[] = {
        {"exact name", pairByName},
        {"name and suffix", pairByNameAndSuffix},
        {"op family order", pairByFamilyOrder}};
    for (const auto &[name, method] : methods) {
        Score all;
        for (const Edit &edit : edits()) {
            for (const NamedNet &base : baseNets(0)) {
                const Case made = edited(base, edit, 1, false);
                all += judge(*made.baseline, *made.candidate, made.truth,
                             method(*made.baseline, *made.candidate));
            }
        }
        print(name, all);
        EXPECT_LT(all.f1(), 0.95) << name;
    }
}

TEST(UnrelatedNetworksTest, ShareNoConfidentPair)
{
    const auto nets = baseNets(7);
    const auto others = baseNets(5000);
    for (std::size_t i = 0; i < nets.size(); ++i) {
        for (std::size_t j = 0; j < others.size(); ++j) {
            if (i == j) {
                continue;
            }
            Net net = others[j].net;
            Truth none;
            Random random(3);
            scramble(net, none, random);
            double seconds = 0.0;
            const auto baseline = nets[i].net.build();
            const auto candidate = net.build();
            const Alignment alignment = alignTimed(*baseline, *candidate, seconds);
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
