#include "compare/metric/block_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace syncpoint {
namespace {

template <typename T>
std::vector<T> noise(std::size_t n, unsigned seed)
{
    std::mt19937 generator(seed);
    std::normal_distribution<double> distribution(0.3, 1.0);
    std::vector<T> values(n);
    for (T &value : values) {
        value = static_cast<T>(distribution(generator));
    }
    return values;
}

template <typename R, typename C>
BlockSums scalarSums(const std::vector<R> &r, const std::vector<C> &c, Tolerance tolerance)
{
    BlockSums s;
    for (std::size_t i = 0; i < r.size(); ++i) {
        const double rv = r[i];
        const double cv = c[i];
        const double e = cv - rv;
        s.sumR += rv;
        s.sumC += cv;
        s.sumE += e;
        s.sumAbsE += std::abs(e);
        s.sumRR += rv * rv;
        s.sumCC += cv * cv;
        s.sumRC += rv * cv;
        s.sumEE += e * e;
        s.minR = std::min(s.minR, rv);
        s.maxR = std::max(s.maxR, rv);
        s.minC = std::min(s.minC, cv);
        s.maxC = std::max(s.maxC, cv);
        s.maxAbsE = std::max(s.maxAbsE, std::abs(e));
        s.violations += std::abs(e) > tolerance.absolute + tolerance.relative * std::abs(rv);
        s.mismatches += rv != cv;
    }
    return s;
}

template <typename R, typename C>
void expectScalarSums(std::size_t n)
{
    const std::vector<R> r = noise<R>(n, 1);
    std::vector<C> c = noise<C>(n, 2);
    for (std::size_t i = 0; i < n; i += 3) {
        c[i] = static_cast<C>(r[i]);
    }
    const Tolerance tolerance{0.1, 0.5};
    const BlockSums got = sumBlock(r.data(), c.data(), n, {.tolerance = tolerance});
    const BlockSums want = scalarSums(r, c, tolerance);
    const double eps = 1e-12 * (1.0 + static_cast<double>(n));
    EXPECT_NEAR(got.sumR, want.sumR, eps);
    EXPECT_NEAR(got.sumC, want.sumC, eps);
    EXPECT_NEAR(got.sumE, want.sumE, eps);
    EXPECT_NEAR(got.sumAbsE, want.sumAbsE, eps);
    EXPECT_NEAR(got.sumRR, want.sumRR, eps);
    EXPECT_NEAR(got.sumCC, want.sumCC, eps);
    EXPECT_NEAR(got.sumRC, want.sumRC, eps);
    EXPECT_NEAR(got.sumEE, want.sumEE, eps);
    EXPECT_EQ(got.minR, want.minR);
    EXPECT_EQ(got.maxR, want.maxR);
    EXPECT_EQ(got.minC, want.minC);
    EXPECT_EQ(got.maxC, want.maxC);
    EXPECT_EQ(got.maxAbsE, want.maxAbsE);
    EXPECT_EQ(got.violations, want.violations);
    EXPECT_EQ(got.mismatches, want.mismatches);
}

template <typename R, typename C>
void expectScalarBinsAndRelatives(std::size_t n)
{
    const std::vector<R> r = noise<R>(n, 3);
    const std::vector<C> c = noise<C>(n, 4);
    const double tau = 0.25;
    std::vector<std::uint32_t> want;
    RelativeSums relative;
    for (std::size_t i = 0; i < n; ++i) {
        const double e = static_cast<double>(c[i]) - static_cast<double>(r[i]);
        want.push_back(std::bit_cast<std::uint32_t>(std::abs(static_cast<float>(e))) >> 16);
        const double value = std::abs(e) / std::max(std::abs(static_cast<double>(r[i])), 0.25);
        relative.sum += value;
        relative.max = std::max(relative.max, value);
    }
    std::vector<std::uint32_t> bins(n + BlockRequest::kBinSlack);
    BlockRequest request;
    request.bins = bins.data();
    request.tau = static_cast<float>(tau);
    BlockSums got = sumBlock(r.data(), c.data(), n, request);
    EXPECT_TRUE(std::equal(want.begin(), want.end(), bins.begin(),
                           bins.begin() + static_cast<std::ptrdiff_t>(got.binCount)));
    EXPECT_NEAR(got.sumRel, relative.sum, 4e-3 * relative.sum);
    EXPECT_NEAR(got.maxRel, relative.max, 4e-3 * relative.max);

    request.binFloor = std::bit_cast<std::uint32_t>(0.75F) >> 16;
    got = sumBlock(r.data(), c.data(), n, request);
    std::erase_if(want, [&](std::uint32_t bin) { return bin < request.binFloor; });
    EXPECT_TRUE(std::equal(want.begin(), want.end(), bins.begin(),
                           bins.begin() + static_cast<std::ptrdiff_t>(got.binCount)));

    const RelativeSums exact = relativeSums(r.data(), c.data(), n, tau);
    EXPECT_NEAR(exact.sum, relative.sum, 1e-12 * relative.sum);
    EXPECT_EQ(exact.max, relative.max);
}

std::uint32_t ulpOf(const std::vector<float> &r, const std::vector<float> &c)
{
    BlockRequest request;
    request.withUlp = true;
    return sumBlock(r.data(), c.data(), r.size(), request).ulpMax;
}

TEST(BlockKernelsTest, EveryTailLengthEqualsTheScalarSums)
{
    for (std::size_t n = 0; n <= 130; ++n) {
        SCOPED_TRACE(n);
        expectScalarSums<float, float>(n);
        expectScalarSums<float, double>(n);
        expectScalarSums<double, float>(n);
        expectScalarSums<double, double>(n);
        expectScalarBinsAndRelatives<float, float>(n);
        expectScalarBinsAndRelatives<float, double>(n);
        expectScalarBinsAndRelatives<double, float>(n);
        expectScalarBinsAndRelatives<double, double>(n);
    }
}

TEST(BlockKernelsTest, NonfiniteValuesShowInTheSumOfSquares)
{
    for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()}) {
        for (std::size_t at : {0U, 17U, 99U}) {
            std::vector<float> r(100, 1.0F);
            const std::vector<float> c(100, 1.0F);
            r[at] = bad;
            EXPECT_FALSE(std::isfinite(sumBlock(r.data(), c.data(), 100, {}).sumRR));
            EXPECT_FALSE(std::isfinite(sumBlock(c.data(), r.data(), 100, {}).sumCC));
        }
    }
}

TEST(BlockKernelsTest, UlpDistanceCountsEncodings)
{
    std::mt19937 generator(5);
    for (std::size_t n = 1; n <= 40; ++n) {
        std::vector<float> r(n);
        std::vector<float> c(n);
        std::uint32_t worst = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const auto bits = static_cast<std::uint32_t>(generator() % 0x7F000000U);
            const auto distance = static_cast<std::uint32_t>(generator() % 1000U);
            r[i] = std::bit_cast<float>(bits);
            c[i] = std::bit_cast<float>(bits + distance);
            if (generator() % 2 == 0) {
                r[i] = -r[i];
                c[i] = -c[i];
            }
            worst = std::max(worst, distance);
        }
        EXPECT_EQ(ulpOf(r, c), worst);
    }
}

TEST(BlockKernelsTest, UlpDistanceReachesAcrossTheWholeRange)
{
    const float max = std::numeric_limits<float>::max();
    const float least = -max;
    EXPECT_EQ(ulpOf({least}, {max}), 2U * 0x7F7FFFFFU);
}

} // namespace
} // namespace syncpoint
