#include "viewers/tensor/value_range.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace syncpoint {
namespace {

TEST(ExtentTest, SpansBothSidesAndIgnoresNonfiniteValues)
{
    const std::vector<float> a{0.0F, 2.0F, std::nanf("")};
    const std::vector<float> b{-1.0F, std::numeric_limits<float>::infinity()};
    EXPECT_EQ(extentOf(a, b), (ValueRange{-1.0, 2.0}));
}

TEST(ExtentTest, WidensAConstantTensorSoThatItCanBeDrawn)
{
    const std::vector<float> a{4.0F, 4.0F};
    const ValueRange extent = extentOf(a, a);
    EXPECT_LT(extent.low, 4.0);
    EXPECT_GT(extent.high, 4.0);
}

TEST(HistogramTest, CountsEveryFiniteValueOnceWithBothEnds)
{
    const std::vector<float> values{0.0F, 0.5F, 1.0F, std::nanf("")};
    const Histogram histogram = histogramOf(values, {0.0, 1.0}, 2);
    EXPECT_EQ(histogram.counts, (std::vector<std::uint64_t>{1, 2}));
}

TEST(HistogramTest, VectorsAndTheirTailsAreCountedAlike)
{
    std::vector<float> values;
    for (int i = 0; i < 1000; ++i) { // in the middle of bins, so that rounding moves nothing
        values.push_back(static_cast<float>(i % 10) + 0.5F);
    }
    for (const std::size_t missing : {0U, 1U, 3U, 7U, 13U}) {
        const std::span<const float> part = std::span(values).subspan(missing);
        const Histogram histogram = histogramOf(part, {0.0, 10.0}, 10);
        for (std::size_t bin = 0; bin < 10; ++bin) {
            EXPECT_EQ(histogram.counts[bin],
                      100U - (missing > bin ? 1U : 0U) - (missing > bin + 10 ? 1U : 0U));
        }
        EXPECT_EQ(extentOf(part, {}), (ValueRange{0.5, 9.5}));
    }
}

TEST(HistogramTest, RangesAsWideAsFloatsStillHaveBins)
{
    const float most = std::numeric_limits<float>::max();
    const std::vector<float> values{-most, -most, 0.1F, most, INFINITY};
    const Histogram histogram = histogramOf(values, extentOf(values, {}), 4);
    EXPECT_EQ(histogram.counts, (std::vector<std::uint64_t>{2, 0, 1, 1}));
}

TEST(PresetRangeTest, PercentilesCutOutliersOnBothEnds)
{
    std::vector<float> values(1000, 0.5F);
    values.front() = -100.0F;
    values.back() = 100.0F;
    const ValueRange extent = extentOf(values, {});
    const Histogram histogram = histogramOf(values, extent, 256);

    const ValueRange range = presetRange(RangePreset::Percent1, histogram, {});

    EXPECT_GT(range.low, -5.0);
    EXPECT_LT(range.high, 5.0);
    EXPECT_LE(range.low, 0.5);
    EXPECT_GE(range.high, 0.5);
}

TEST(PresetRangeTest, SymmetricReachesTheLargerEnd)
{
    const Histogram histogram{{-1.0, 3.0}, {1, 1}};
    EXPECT_EQ(presetRange(RangePreset::Symmetric, histogram, histogram), (ValueRange{-3.0, 3.0}));
}

} // namespace
} // namespace syncpoint
