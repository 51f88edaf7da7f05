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
void expectScalarErrorsAndRelatives(std::size_t n)
{
    const std::vector<R> r = noise<R>(n, 3);
    const std::vector<C> c = noise<C>(n, 4);
    const double tau = 0.25;
    std::vector<float> want;
    RelativeSums relative;
    for (std::size_t i = 0; i < n; ++i) {
        const double e = static_cast<double>(c[i]) - static_cast<double>(r[i]);
        want.push_back(std::abs(static_cast<float>(e)));
        const double value = std::abs(e) / std::max(std::abs(static_cast<double>(r[i])), 0.25);
        relative.sum += value;
        relative.max = std::max(relative.max, value);
    }
    std::vector<float> errors(n + BlockRequest::kErrorSlack);
    BlockRequest request;
    request.errors = errors.data();
    request.tau = static_cast<float>(tau);
    BlockSums got = sumBlock(r.data(), c.data(), n, request);
    EXPECT_TRUE(std::equal(want.begin(), want.end(), errors.begin(),
                           errors.begin() + static_cast<std::ptrdiff_t>(got.errorCount)));
    EXPECT_NEAR(got.sumRel, relative.sum, 4e-3 * relative.sum);
    EXPECT_NEAR(got.maxRel, relative.max, 4e-3 * relative.max);

    request.errorFloor = 0.75F;
    got = sumBlock(r.data(), c.data(), n, request);
    std::erase_if(want, [](float error) { return error < 0.75F; });
    EXPECT_TRUE(std::equal(want.begin(), want.end(), errors.begin(),
                           errors.begin() + static_cast<std::ptrdiff_t>(got.errorCount)));

    const RelativeSums exact = relativeSums(r.data(), c.data(), n, tau);
    EXPECT_NEAR(exact.sum, relative.sum, 1e-12 * relative.sum);
    EXPECT_EQ(exact.max, relative.max);
}

/// Runs that are long enough for single precision: sums to 2e-6 of the magnitudes in them, all
/// else as precise as float.
template <typename R, typename C>
void expectSingleSums(std::size_t n)
{
    const std::vector<R> r = noise<R>(n, 1);
    std::vector<C> c = noise<C>(n, 2);
    for (std::size_t i = 0; i < n; i += 3) {
        c[i] = static_cast<C>(r[i]);
    }
    const Tolerance tolerance{0.1, 0.5};
    const BlockSums got = sumBlock(r.data(), c.data(), n, {.tolerance = tolerance});
    const BlockSums want = scalarSums(r, c, tolerance);
    EXPECT_TRUE(got.isSingle);
    const double magnitude = 2e-6 * static_cast<double>(n);
    EXPECT_NEAR(got.sumR, want.sumR, magnitude);
    EXPECT_NEAR(got.sumC, want.sumC, magnitude);
    EXPECT_NEAR(got.sumE, want.sumE, magnitude);
    EXPECT_NEAR(got.sumRC, want.sumRC, magnitude);
    EXPECT_NEAR(got.sumAbsE, want.sumAbsE, 2e-6 * want.sumAbsE);
    EXPECT_NEAR(got.sumRR, want.sumRR, 2e-6 * want.sumRR);
    EXPECT_NEAR(got.sumCC, want.sumCC, 2e-6 * want.sumCC);
    EXPECT_NEAR(got.sumEE, want.sumEE, 2e-6 * want.sumEE);
    EXPECT_FLOAT_EQ(static_cast<float>(got.minR), static_cast<float>(want.minR));
    EXPECT_FLOAT_EQ(static_cast<float>(got.maxR), static_cast<float>(want.maxR));
    EXPECT_FLOAT_EQ(static_cast<float>(got.minC), static_cast<float>(want.minC));
    EXPECT_FLOAT_EQ(static_cast<float>(got.maxC), static_cast<float>(want.maxC));
    EXPECT_FLOAT_EQ(static_cast<float>(got.maxAbsE), static_cast<float>(want.maxAbsE));
    EXPECT_EQ(got.violations, want.violations);
    EXPECT_EQ(got.mismatches, want.mismatches);
}

/// Runs that single precision would falsify get the same sums as short ones.
template <typename T>
void expectDoubleSums(const std::vector<T> &r, const std::vector<T> &c)
{
    const BlockSums got = sumBlock(r.data(), c.data(), r.size(), {});
    const BlockSums want = scalarSums(r, c, {});
    EXPECT_FALSE(got.isSingle);
    EXPECT_NEAR(got.sumRR / want.sumRR, 1.0, 1e-12);
    EXPECT_NEAR(got.sumEE / want.sumEE, 1.0, 1e-12);
    EXPECT_NEAR(got.sumAbsE / want.sumAbsE, 1.0, 1e-12);
    EXPECT_EQ(got.maxAbsE, want.maxAbsE);
    EXPECT_EQ(got.minR, want.minR);
    EXPECT_EQ(got.mismatches, want.mismatches);
}

template <typename T>
std::vector<T> scaled(std::vector<T> values, T factor, T offset = 0)
{
    for (T &value : values) {
        value = value * factor + offset;
    }
    return values;
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
        expectScalarErrorsAndRelatives<float, float>(n);
        expectScalarErrorsAndRelatives<float, double>(n);
        expectScalarErrorsAndRelatives<double, float>(n);
        expectScalarErrorsAndRelatives<double, double>(n);
    }
}

TEST(BlockKernelsTest, LongRunsAddInSinglePrecisionWithinTheirBound)
{
    for (const std::size_t n : {512U, 513U, 1023U, 2050U, 4096U}) {
        SCOPED_TRACE(n);
        expectSingleSums<float, float>(n);
        expectSingleSums<float, double>(n);
        expectSingleSums<double, float>(n);
        expectSingleSums<double, double>(n);
        expectScalarErrorsAndRelatives<float, float>(n);
        expectScalarErrorsAndRelatives<double, float>(n);
    }
}

TEST(BlockKernelsTest, WhatSinglePrecisionCannotHoldIsAddedInDouble)
{
    const std::vector<float> r = noise<float>(2048, 1);
    const std::vector<float> c = noise<float>(2048, 2);
    const std::vector<double> rd = noise<double>(2048, 1);
    for (const float factor : {1e30F, 1e-30F, 1e-16F, 1e19F}) {
        expectDoubleSums(scaled(r, factor), scaled(c, factor));
    }
    expectDoubleSums(scaled(rd, 1e-60), scaled(rd, 2e-60)); // rounds to zero in float
    expectDoubleSums(scaled(rd, 1e100), scaled(rd, 2e100));
    expectDoubleSums(scaled(r, 1.0F, 100.0F), scaled(c, 1.0F, 100.0F)); // the mean hides the rest
    expectDoubleSums(rd, scaled(rd, 1.0 + 1e-15));
}

TEST(BlockKernelsTest, IdenticalAndZeroRunsStayInSinglePrecision)
{
    const std::vector<float> zero(1024, 0.0F);
    const std::vector<float> r = noise<float>(1024, 1);
    const BlockSums none = sumBlock(zero.data(), zero.data(), zero.size(), {});
    EXPECT_TRUE(none.isSingle);
    EXPECT_EQ(none.sumRR, 0.0);
    const BlockSums same = sumBlock(r.data(), r.data(), r.size(), {});
    EXPECT_TRUE(same.isSingle);
    EXPECT_EQ(same.sumEE, 0.0);
    EXPECT_EQ(same.mismatches, 0U);
    EXPECT_EQ(same.sumRR, same.sumRC);
}

TEST(BlockKernelsTest, NonfiniteValuesShowInTheSumOfSquares)
{
    for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()}) {
        for (const std::size_t n : {100U, 1003U}) {
            for (const std::size_t at : {std::size_t{0}, std::size_t{17}, n - 1}) {
                std::vector<float> r = noise<float>(n, 1);
                const std::vector<float> c = noise<float>(n, 2);
                r[at] = bad;
                EXPECT_FALSE(std::isfinite(sumBlock(r.data(), c.data(), n, {}).sumRR));
                EXPECT_FALSE(std::isfinite(sumBlock(c.data(), r.data(), n, {}).sumCC));
            }
        }
    }
}

TEST(BlockKernelsTest, UlpDistanceCountsEncodings)
{
    std::mt19937 generator(5);
    for (std::size_t n : {1U, 7U, 16U, 31U, 40U, 600U, 2048U}) {
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
    for (const std::size_t n : {1U, 64U, 1024U}) {
        std::vector<float> r = noise<float>(n, 1);
        std::vector<float> c = r;
        EXPECT_EQ(ulpOf(r, c), 0U);
        r[n / 2] = 0.0F;
        c[n / 2] = -0.0F;
        EXPECT_EQ(ulpOf(r, c), 0U);
        r[n / 2] = least;
        c[n / 2] = max;
        EXPECT_EQ(ulpOf(r, c), 2U * 0x7F7FFFFFU);
        EXPECT_EQ(ulpOf(c, r), 2U * 0x7F7FFFFFU);
    }
}

} // namespace
} // namespace syncpoint
