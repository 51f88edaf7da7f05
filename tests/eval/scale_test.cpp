#include "compare/align/aligner.h"
#include "evaluation.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

namespace syncpoint::eval {
namespace {

/// SYNCPOINT_EVAL_OPS sets the size; the limit is far above an optimized build's time because tests
/// also run unoptimized and under load.
TEST(AlignmentScaleTest, LongScrambledNetworksAlignInNearLinearTime)
{
    const char *text = std::getenv("SYNCPOINT_EVAL_OPS");
    const std::size_t count = text != nullptr ? static_cast<std::size_t>(std::atol(text)) : 4000;
    const Net net = longNet(count);
    Net other = net;
    Truth truth = identityOf(net);
    Random random(5);
    scramble(other, truth, random);
    const auto baseline = net.build();
    const auto candidate = other.build();

    const auto start = std::chrono::steady_clock::now();
    const auto alignment = alignGraphs(*baseline, *candidate, {}, {});
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

    ASSERT_TRUE(alignment);
    const Score score = judge(*baseline, *candidate, truth, pairsOf(alignment.value()), false);
    fmt::print("{} ops: {:.2f} s, precision {:.4f}, recall {:.4f}\n", count, seconds,
               score.precision(), score.recall());
    EXPECT_GE(score.precision(), 0.99);
    EXPECT_GE(score.recall(), 0.99);
    EXPECT_LT(seconds, 1e-3 * static_cast<double>(count) + 1.0);
}

} // namespace
} // namespace syncpoint::eval
