#include "core/run/latency.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {
TEST(LatencyTest, PercentilesInterpolateBetweenRuns)
{
    const auto summary = summarizeLatency({40, 10, 30, 20, 50});

    EXPECT_EQ(summary.runs, 5U);
    EXPECT_DOUBLE_EQ(summary.p50, 30.0);
    EXPECT_DOUBLE_EQ(summary.p90, 46.0);
    EXPECT_DOUBLE_EQ(summary.p95, 48.0);
    EXPECT_NEAR(summary.p99, 49.6, 1e-9);
    EXPECT_DOUBLE_EQ(summary.mean, 30.0);
    EXPECT_NEAR(summary.stdev, 15.811388300841896, 1e-9);
    EXPECT_DOUBLE_EQ(summary.min, 10.0);
    EXPECT_DOUBLE_EQ(summary.max, 50.0);
}

TEST(LatencyTest, OneRunHasNoSpread)
{
    const auto summary = summarizeLatency({7});

    EXPECT_DOUBLE_EQ(summary.p99, 7.0);
    EXPECT_DOUBLE_EQ(summary.stdev, 0.0);
}
} // namespace
} // namespace syncpoint
