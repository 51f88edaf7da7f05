#include "compare/metric/pair_accumulator.h"
#include "tests/compare/metric/pair_fixture.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using testing::noise;

PairStatistics accumulated(std::uint64_t first, std::span<const float> r, std::span<const float> c)
{
    PairAccumulator::Options options;
    options.tolerance = {1e-8, 1e-5};
    options.tau = 0.01;
    options.ulp = UlpType::Float32;
    PairAccumulator accumulator(options);
    for (std::size_t done = 0; done < r.size(); done += PairAccumulator::kMaxRun) {
        const std::size_t n = std::min(PairAccumulator::kMaxRun, r.size() - done);
        accumulator.add(first + done, r.data() + done, c.data() + done, n);
    }
    return accumulator.take();
}

TEST(PairStatisticsTest, MergedPartsEqualOnePass)
{
    const std::vector<float> r = noise(5000, 1, 1.0F);
    std::vector<float> c = noise(5000, 2, 1.0F);
    c[4000] = std::nanf("");
    c[3500] = 100.0F;
    const PairStatistics whole = accumulated(0, r, c);
    PairStatistics merged = accumulated(0, std::span(r).first(3000), std::span(c).first(3000));
    merged.merge(accumulated(0, std::span(r).subspan(3000), std::span(c).subspan(3000)), 3000);

    EXPECT_EQ(merged.count, whole.count);
    EXPECT_EQ(merged.total, whole.total);
    // The parts cut the runs at other places, and long runs add in single precision.
    EXPECT_NEAR(merged.sumEE, whole.sumEE, 1e-6 * whole.sumEE);
    EXPECT_NEAR(merged.sumRR, whole.sumRR, 1e-6 * whole.sumRR);
    EXPECT_NEAR(merged.sumCC, whole.sumCC, 1e-6 * whole.sumCC);
    EXPECT_NEAR(merged.sumRC, whole.sumRC, 1e-6 * whole.sumRR);
    EXPECT_NEAR(merged.sumRel, whole.sumRel, 1e-5 * whole.sumRel);
    EXPECT_EQ(merged.minR, whole.minR);
    EXPECT_EQ(merged.maxC, whole.maxC);
    EXPECT_EQ(merged.maxAbsIndex, 3500U);
    EXPECT_EQ(merged.firstMismatchIndex, 4000U);
    EXPECT_EQ(merged.violations, whole.violations);
    EXPECT_EQ(merged.mismatches, whole.mismatches);
    EXPECT_EQ(merged.ulpMax, whole.ulpMax);
    EXPECT_EQ(merged.absErrorHistogram, whole.absErrorHistogram);
}

TEST(PairStatisticsTest, MergingIntoNothingKeepsThePart)
{
    const std::vector<float> r{1.0F, 2.0F};
    const std::vector<float> c{1.0F, 3.0F};
    PairStatistics merged;
    merged.merge(accumulated(0, r, c), 0);
    EXPECT_EQ(merged.count, 2U);
    EXPECT_EQ(merged.minR, 1.0);
    EXPECT_EQ(merged.maxAbsIndex, 1U);
}

TEST(PairStatisticsTest, AgreementsMergeWeightedBySize)
{
    PairStatistics a;
    a.total = 10;
    a.top1Agreement = 1.0;
    PairStatistics b;
    b.total = 30;
    b.top1Agreement = 0.0;
    a.merge(b, 0);
    EXPECT_EQ(a.top1Agreement, 0.25);
    EXPECT_EQ(a.top5Agreement, std::nullopt);
}

TEST(PairStatisticsTest, QuantilesAreWithinOnePercent)
{
    for (const float scale : {1e-20F, 1e-3F, 1.0F, 1e10F}) {
        const std::vector<float> r(200000, 0.0F);
        const std::vector<float> c = noise(r.size(), 3, scale);
        std::vector<double> sorted;
        std::transform(c.begin(), c.end(), std::back_inserter(sorted),
                       [](float value) { return std::abs(static_cast<double>(value)); });
        std::sort(sorted.begin(), sorted.end());
        const PairStatistics statistics = accumulated(0, r, c);
        for (const double share : {0.5, 0.9, 0.99, 0.999}) {
            const auto rank = static_cast<std::size_t>(std::ceil(share * 200000.0)) - 1;
            EXPECT_NEAR(statistics.absErrorQuantile(share).value() / sorted[rank], 1.0, 0.01);
        }
        EXPECT_EQ(statistics.absErrorQuantile(1.0), statistics.maxAbsE);
    }
}

TEST(PairStatisticsTest, QuantileOfMostlyZeroErrorsIsZero)
{
    std::vector<float> c(1000, 0.0F);
    c[7] = 5.0F;
    const PairStatistics statistics = accumulated(0, std::vector<float>(1000, 0.0F), c);
    EXPECT_EQ(statistics.absErrorQuantile(0.99), 0.0);
    EXPECT_EQ(statistics.absErrorQuantile(1.0), 5.0);
}

} // namespace
} // namespace syncpoint
