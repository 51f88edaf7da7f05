#include "core/base/parallel_for.h"
#include "tests/compare/metric/pair_fixture.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using testing::floats;
using testing::noise;
using testing::Pair;
using testing::quantization;
using testing::tensorOf;

std::vector<float> plus(std::vector<float> a, const std::vector<float> &b)
{
    std::transform(a.begin(), a.end(), b.begin(), a.begin(), std::plus<>());
    return a;
}

/// Mean square of the difference, in double and one by one.
double plainMse(const std::vector<float> &r, const std::vector<float> &c)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < r.size(); ++i) {
        const double e = static_cast<double>(c[i]) - static_cast<double>(r[i]);
        sum += e * e;
    }
    return sum / static_cast<double>(r.size());
}

TEST(MeasurePairTest, IntegersAreDequantizedWithTheStoresParameters)
{
    const auto q =
        tensorOf<std::int8_t>(DType::Int8, {3}, {-128, 10, 127}, quantization({0.5}, {10}));
    const Measurement result = Pair(floats({-69.0F, 0.25F, 58.0F}), q).evaluated();
    EXPECT_EQ(result.value("max_abs"), 0.5);
    EXPECT_NEAR(result.value("lsb_rmse").value(), std::sqrt((0.0 + 0.25 + 1.0) / 3.0), 1e-12);
    EXPECT_NEAR(result.value("sat_ratio").value(), 2.0 / 3.0, 1e-15);
}

TEST(MeasurePairTest, ParametersOfTheGraphServeWhenTheStoreHasNone)
{
    const auto q = tensorOf<std::uint8_t>(DType::UInt8, {2}, {1, 3});
    Pair pair(floats({2.0F, 6.0F}), q);
    pair.pair.candidateQuantization = quantization({2.0});
    pair.pair.transform.dequantize = true;
    EXPECT_EQ(pair.evaluated().state, PairState::Exact);
}

TEST(MeasurePairTest, PackedFourBitIntegersAreDequantizedPerChannel)
{
    // Low nibble first: {1, −8}, {7, −1}; scales 1 and 10 along axis 0.
    const auto q =
        tensorOf<std::uint8_t>(DType::Int4, {2, 2}, {0x81, 0xF7}, quantization({1.0, 10.0}, {}, 0));
    const Pair pair(Tensor::fromFloats({2, 2}, std::vector<float>{1.0F, -8.0F, 70.0F, -20.0F}), q);
    const Measured measured = pair.measure();
    EXPECT_EQ(measured.channelAxis, 0U);
    ASSERT_EQ(measured.channels.size(), 2U);
    EXPECT_EQ(measured.channels[0].sumEE, 0.0);
    EXPECT_EQ(measured.channels[1].sumEE, 100.0);
    EXPECT_EQ(measured.total.sumLsb2, 1.0);
    EXPECT_EQ(measured.total.saturated, 2U);
}

TEST(MeasurePairTest, ThePermutationBringsTheCandidateIntoTheReferencesLayout)
{
    const Tensor nchw =
        Tensor::fromFloats({1, 2, 2, 2}, std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7});
    const Tensor nhwc =
        Tensor::fromFloats({1, 2, 2, 2}, std::vector<float>{0, 4, 1, 5, 2, 6, 3, 7});
    Pair pair(nchw, nhwc);
    EXPECT_NE(pair.evaluated().state, PairState::Exact);
    pair.pair.transform.permutation = {0, 3, 1, 2};
    EXPECT_EQ(pair.evaluated().state, PairState::Exact);
}

TEST(MeasurePairTest, PermutedIntegersKeepTheirChannelsScale)
{
    const Tensor r = Tensor::fromFloats({2, 3}, std::vector<float>{1, 2, 3, 40, 50, 60});
    const auto c = tensorOf<std::int8_t>(DType::Int8, {3, 2}, {1, 4, 2, 5, 3, 6},
                                         quantization({1.0, 10.0}, {}, 1));
    Pair pair(r, c);
    pair.pair.transform.permutation = {1, 0};
    const Measured measured = pair.measure();
    EXPECT_EQ(measured.total.mismatches, 0U);
    EXPECT_EQ(measured.channelAxis, 0U);
}

TEST(MeasurePairTest, DtypesMayDiffer)
{
    const auto half = tensorOf<std::uint16_t>(DType::Float16, {2}, {0x3C00, 0x4000});
    const auto brain = tensorOf<std::uint16_t>(DType::BFloat16, {2}, {0x3F80, 0x4000});
    const auto wide = tensorOf<double>(DType::Float64, {2}, {1.0, 2.0});
    const auto index = tensorOf<std::int64_t>(DType::Int64, {2}, {1, 2});
    const auto small = tensorOf<std::int32_t>(DType::Int32, {2}, {1, 2});
    const auto quantized = tensorOf<std::uint8_t>(DType::UInt8, {2}, {1, 2}, quantization({1.0}));
    for (const Tensor &a : {half, brain, wide, index, quantized, floats({1.0F, 2.0F})}) {
        for (const Tensor &b : {half, brain, wide, index, quantized, floats({1.0F, 2.0F})}) {
            EXPECT_EQ(Pair(a, b).evaluated().state, PairState::Exact)
                << dtypeName(a.info().dtype) << " against " << dtypeName(b.info().dtype);
        }
    }
    EXPECT_EQ(Pair(index, small).evaluated().state, PairState::Exact);
}

TEST(MeasurePairTest, ChannelsFollowAxisOneWithAnyInnerSize)
{
    for (const std::int64_t inner : {1, 3, 127, 128, 5000}) {
        // Runs of 512 and more are added in single precision.
        const double bound = inner < 512 ? 1e-9 : 1e-6;
        const std::int64_t channels = 3;
        const auto n = static_cast<std::size_t>(2 * channels * inner);
        const std::vector<float> r = noise(n, 1);
        const std::vector<float> c = plus(r, noise(n, 2, 0.1F));
        std::vector<double> expected(3);
        for (std::size_t i = 0; i < n; ++i) {
            const double e = static_cast<double>(c[i]) - static_cast<double>(r[i]);
            expected[i / static_cast<std::size_t>(inner) % 3] += e * e;
        }
        const Measured measured = Pair(Tensor::fromFloats({2, channels, inner}, r),
                                       Tensor::fromFloats({2, channels, inner}, c))
                                      .measure();
        ASSERT_EQ(measured.channels.size(), 3U);
        for (std::size_t channel = 0; channel < 3; ++channel) {
            EXPECT_NEAR(measured.channels[channel].sumEE, expected[channel],
                        bound * expected[channel]);
            EXPECT_EQ(measured.channels[channel].count, static_cast<std::uint64_t>(2 * inner));
        }
    }
}

TEST(MeasurePairTest, AnyNumberOfThreadsGivesTheSameBits)
{
    const std::size_t n = 3'000'017;
    const std::vector<float> r = noise(n, 1);
    const std::vector<float> c = plus(r, noise(n, 2, 0.01F));
    const Pair pair(floats(r), floats(c));
    std::optional<PairStatistics> first;
    for (const std::size_t threads : {1U, 2U, 4U}) {
        const ThreadLimit limit(threads);
        const PairStatistics got = pair.measure().total;
        if (!first) {
            first = got;
        }
        EXPECT_EQ(got.sumEE, first->sumEE);
        EXPECT_EQ(got.sumRC, first->sumRC);
        EXPECT_EQ(got.sumE, first->sumE);
        EXPECT_EQ(got.sumRel, first->sumRel);
        EXPECT_EQ(got.maxAbsIndex, first->maxAbsIndex);
        EXPECT_EQ(got.absErrorHistogram, first->absErrorHistogram);
    }
    EXPECT_NEAR(first->sumEE / static_cast<double>(n), plainMse(r, c), 1e-12);
}

TEST(MeasurePairTest, LargeTensorsKeepPercentilesAndRelativeErrorsWithinOnePercent)
{
    const std::size_t n = 2'500'000;
    const std::vector<float> r = noise(n, 1);
    const std::vector<float> c = plus(r, noise(n, 2, 0.01F));
    const Measurement result = Pair(floats(r), floats(c)).evaluated();
    std::vector<double> errors(n);
    double sumRR = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        errors[i] = std::abs(static_cast<double>(c[i]) - static_cast<double>(r[i]));
        sumRR += static_cast<double>(r[i]) * static_cast<double>(r[i]);
    }
    const double tau = 1e-3 * std::sqrt(sumRR / static_cast<double>(n));
    double sumRel = 0.0;
    double maxRel = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        const double rel = errors[i] / std::max(std::abs(static_cast<double>(r[i])), tau);
        sumRel += rel;
        maxRel = std::max(maxRel, rel);
    }
    EXPECT_NEAR(result.value("mean_rel").value() / (sumRel / static_cast<double>(n)), 1.0, 0.011);
    EXPECT_NEAR(result.value("max_rel").value() / maxRel, 1.0, 0.011);
    std::sort(errors.begin(), errors.end());
    EXPECT_NEAR(result.value("p99_abs").value() / errors[n / 100 * 99 - 1], 1.0, 0.01);
    EXPECT_NEAR(result.value("p999_abs").value() / errors[n / 1000 * 999 - 1], 1.0, 0.01);
}

TEST(MeasurePairTest, ErrorsThatThePilotCannotSeeAreMeasuredAgain)
{
    // Everything happens in one stretch that the evenly spaced parts miss.
    const std::size_t n = 4'000'000;
    std::vector<float> r(n, 1.0F);
    std::vector<float> c(n, 1.0F);
    for (std::size_t i = 0; i < 20'000; ++i) {
        r[i + 2000] = 1000.0F;
        c[i + 2000] = 1000.0F + (i % 2 == 0 ? 1.0F : 2.0F);
    }
    c[n - 1] = 1.0F + 1e-3F;
    const Measurement result = Pair(floats(r), floats(c)).evaluated();
    const double tau = 1e-3 * std::sqrt((2e4 * 1e6 + 3.98e6) / 4e6);
    EXPECT_NEAR(result.statistics.tau, tau, 1e-9);
    EXPECT_EQ(result.value("p99_abs"), 0.0);
    EXPECT_NEAR(result.value("p999_abs").value(), 2.0, 0.02);
}

TEST(MeasurePairTest, NonfiniteValuesInLargeTensorsKeepTheirPlace)
{
    const std::size_t n = 2'000'000;
    const std::vector<float> r = noise(n, 1);
    std::vector<float> c = plus(r, noise(n, 2, 0.01F));
    c[1'234'567] = std::nanf("");
    c[1'900'000] = 50.0F;
    const Measurement result = Pair(floats(r), floats(c)).evaluated();
    EXPECT_EQ(result.state, PairState::NonfiniteMismatch);
    EXPECT_EQ(result.statistics.firstMismatchIndex, 1'234'567U);
    EXPECT_EQ(result.statistics.maxAbsIndex, 1'900'000U);
    EXPECT_EQ(result.statistics.count, n - 1);
}

/// psnr, sqnr, pcc and bias of a million elements against long doubles.
void expectAccurate(const std::vector<float> &r, const std::vector<float> &c)
{
    long double sumE = 0, ee = 0, rr = 0, cc = 0, rc = 0, sumR = 0, sumC = 0;
    for (std::size_t i = 0; i < r.size(); ++i) {
        const long double rv = r[i];
        const long double cv = c[i];
        sumR += rv;
        sumC += cv;
        sumE += cv - rv;
        ee += (cv - rv) * (cv - rv);
        rr += rv * rv;
        cc += cv * cv;
        rc += rv * cv;
    }
    const auto n = static_cast<long double>(r.size());
    const auto [least, most] = std::minmax_element(r.begin(), r.end());
    const long double peak = static_cast<long double>(*most) - static_cast<long double>(*least);
    const long double pcc =
        (rc - sumR * sumC / n) / std::sqrt((rr - sumR * sumR / n) * (cc - sumC * sumC / n));
    const Measurement got = Pair(floats(r), floats(c)).evaluated();
    const auto decibels = [](long double ratio) {
        return static_cast<double>(10.0L * std::log10(ratio));
    };
    EXPECT_NEAR(got.value("psnr").value(), decibels(peak * peak * n / ee), 1e-4);
    EXPECT_NEAR(got.value("sqnr").value(), decibels(rr / ee), 1e-4);
    EXPECT_NEAR(got.value("cosine").value(), static_cast<double>(rc / std::sqrt(rr * cc)), 1e-7);
    EXPECT_NEAR(got.value("pcc").value(), static_cast<double>(pcc), 1e-7);
    EXPECT_NEAR(got.value("bias").value(), static_cast<double>(sumE / n),
                1e-6 * static_cast<double>(std::sqrt(ee / n)));
}

TEST(MeasurePairTest, AMillionElementsAreAccurateToATenThousandthOfADecibel)
{
    const std::size_t n = 1'000'003;
    const std::vector<float> r = noise(n, 1);
    const std::vector<float> c = plus(r, noise(n, 2, 0.02F));
    std::vector<float> nextUp = r;
    for (float &value : nextUp) {
        value = std::nextafter(value, 1e9F);
    }
    const auto shifted = [](std::vector<float> values, float factor, float offset) {
        for (float &value : values) {
            value = value * factor + offset;
        }
        return values;
    };
    expectAccurate(r, c);
    expectAccurate(r, nextUp);
    expectAccurate(r, shifted(r, 1.0F, 0.1F)); // an error that rounds the same way everywhere
    expectAccurate(shifted(r, 1e30F, 0.0F), shifted(c, 1e30F, 0.0F));
    expectAccurate(shifted(r, 1e-30F, 0.0F), shifted(c, 1e-30F, 0.0F));
    expectAccurate(shifted(r, 1.0F, 5.0F), shifted(c, 1.0F, 5.0F));
    expectAccurate(shifted(r, 1.0F, 50.0F), shifted(c, 1.0F, 50.0F));
}

TEST(MeasurePairTest, ACancelledJobStops)
{
    const CancelToken token;
    token.cancel();
    const Pair pair(floats({1.0F}), floats({2.0F}));
    const auto result = measurePair(pair.pair, {}, JobContext(token));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace syncpoint
