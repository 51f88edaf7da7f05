#include "tests/compare/metric/pair_fixture.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace syncpoint {
namespace {

using testing::floats;
using testing::Pair;
using testing::scores;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

TEST(MeasurementTest, BitIdenticalIsExactWithInfiniteDb)
{
    const Measurement result = scores({1.0F, 2.0F, 3.0F}, {1.0F, 2.0F, 3.0F});
    EXPECT_EQ(result.state, PairState::Exact);
    EXPECT_TRUE(std::isinf(result.value("psnr").value()));
    EXPECT_TRUE(std::isinf(result.value("sqnr").value()));
    EXPECT_EQ(result.value("mse"), 0.0);
    EXPECT_EQ(result.nsr(), 0.0);
}

TEST(MeasurementTest, BothZeroIsExact)
{
    EXPECT_EQ(scores({0.0F, 0.0F}, {0.0F, 0.0F}).state, PairState::Exact);
}

TEST(MeasurementTest, ZeroReferenceHasNoRatios)
{
    const Measurement result = scores({0.0F, 0.0F}, {0.0F, 0.5F});
    EXPECT_EQ(result.state, PairState::ZeroReference);
    for (const char *id :
         {"psnr", "sqnr", "rel_l2", "cosine", "pcc", "gain", "max_rel", "mean_rel"}) {
        EXPECT_EQ(result.value(id), std::nullopt) << id;
    }
    EXPECT_EQ(result.value("max_abs"), 0.5);
    EXPECT_TRUE(std::isinf(result.nsr()));
}

TEST(MeasurementTest, ConstantReferenceFallsBackToMaxAbsAndSaysSo)
{
    const Measurement result = scores({-2.0F, -2.0F}, {-2.0F, -1.0F});
    EXPECT_EQ(result.state, PairState::ConstantReference);
    EXPECT_EQ(result.peakMode, Peak::Mode::MaxAbs);
    EXPECT_EQ(result.peak, 2.0);
    EXPECT_NEAR(result.value("psnr").value(), 10.0 * std::log10(4.0 / 0.5), 1e-12);
    EXPECT_EQ(result.value("pcc"), std::nullopt);
}

TEST(MeasurementTest, NonPositiveMaximumIsNoPeak)
{
    MetricSettings settings;
    settings.peak.mode = Peak::Mode::Max;
    const Measurement result = scores({-3.0F, -1.0F}, {-3.0F, -2.0F}, settings);
    EXPECT_EQ(result.peakMode, Peak::Mode::MaxAbs);
    EXPECT_EQ(result.peak, 3.0);
}

TEST(MeasurementTest, EmptyTensorsHaveNoNumbers)
{
    const Measurement result = scores({}, {});
    EXPECT_EQ(result.state, PairState::Empty);
    for (const auto &value : result.values) {
        EXPECT_EQ(value, std::nullopt);
    }
}

TEST(MeasurementTest, OneElementHasNoAngle)
{
    const Measurement result = scores({2.0F}, {1.0F});
    EXPECT_EQ(result.value("cosine"), std::nullopt);
    EXPECT_EQ(result.value("pcc"), std::nullopt);
    EXPECT_EQ(result.value("mse"), 1.0);
}

TEST(MeasurementTest, EqualNonfiniteValuesAreExcludedAndCounted)
{
    const Measurement result = scores({1.0F, kNan, kInf, 3.0F}, {1.5F, kNan, kInf, 3.0F});
    EXPECT_EQ(result.state, PairState::Finite);
    EXPECT_EQ(result.statistics.nonfiniteEqual, 2U);
    EXPECT_EQ(result.statistics.count, 2U);
    EXPECT_EQ(result.value("mse"), 0.125);
    EXPECT_EQ(result.value("nonfinite"), 4.0);
    EXPECT_EQ(result.value("mismatch_ratio"), 0.25);
}

TEST(MeasurementTest, OnlyEqualNonfiniteValuesAreExact)
{
    EXPECT_EQ(scores({kNan, kInf}, {kNan, kInf}).state, PairState::Exact);
}

TEST(MeasurementTest, NonfiniteOnOneSideIsAMismatchWithItsPlace)
{
    const Measurement result =
        scores({1.0F, 2.0F, kInf, 3.0F, 4.0F}, {1.0F, 2.0F, -kInf, kNan, 4.0F});
    EXPECT_EQ(result.state, PairState::NonfiniteMismatch);
    EXPECT_EQ(result.statistics.nonfiniteMismatch, 2U);
    EXPECT_EQ(result.statistics.firstMismatchIndex, 2U);
    EXPECT_EQ(result.statistics.reference.positiveInf, 1U);
    EXPECT_EQ(result.statistics.candidate.negativeInf, 1U);
    EXPECT_EQ(result.statistics.candidate.nan, 1U);
    EXPECT_EQ(result.statistics.count, 3U);
}

TEST(MeasurementTest, RawIntegersAgainstFloatsAreNotComparable)
{
    const auto raw = testing::tensorOf<std::int8_t>(DType::Int8, {2}, {1, 2});
    EXPECT_EQ(Pair(floats({1.0F, 2.0F}), raw).measure().state, PairState::RawQuantized);
    EXPECT_EQ(Pair(raw, floats({1.0F, 2.0F})).measure().state, PairState::RawQuantized);
}

TEST(MeasurementTest, DequantizingWithoutParametersIsNotComparable)
{
    const auto raw = testing::tensorOf<std::int8_t>(DType::Int8, {2}, {1, 2});
    Pair pair(raw, raw);
    pair.pair.transform.dequantize = true;
    EXPECT_EQ(pair.measure().state, PairState::RawQuantized);
}

TEST(MeasurementTest, IntegersScoreOnlyTheirMismatches)
{
    const auto r = testing::tensorOf<std::int64_t>(DType::Int64, {4}, {1, 2, 3, 1LL << 60});
    const auto c = testing::tensorOf<std::int64_t>(DType::Int64, {4}, {1, 2, 3, (1LL << 60) + 1});
    const Measurement result = Pair(r, c).evaluated();
    EXPECT_EQ(result.state, PairState::Finite);
    EXPECT_EQ(result.value("mismatch_ratio"), 0.25);
    EXPECT_EQ(result.value("psnr"), std::nullopt);
    EXPECT_EQ(Pair(r, r).evaluated().state, PairState::Exact);
}

TEST(MeasurementTest, WrappedUnsignedIntegersDoNotEqualNegativeOnes)
{
    const auto r = testing::tensorOf<std::uint64_t>(DType::UInt64, {1}, {~std::uint64_t{0}});
    const auto c = testing::tensorOf<std::int64_t>(DType::Int64, {1}, {-1});
    EXPECT_EQ(Pair(r, c).evaluated().value("mismatch_ratio"), 1.0);
}

TEST(MeasurementTest, DifferentShapesAreNeverReshapedSilently)
{
    const Tensor r = Tensor::fromFloats({2, 3}, std::vector<float>(6));
    const Tensor c = Tensor::fromFloats({3, 2}, std::vector<float>(6));
    Pair pair(r, c);
    EXPECT_EQ(pair.measure().state, PairState::ShapeMismatch);
    pair.pair.transform.reshape = Shape{2, 3};
    EXPECT_EQ(pair.measure().state, std::nullopt);
    pair.pair.transform.reshape = Shape{2, 4};
    EXPECT_EQ(pair.measure().state, PairState::ShapeMismatch);
    pair.pair.transform = {};
    pair.pair.transform.permutation = {0, 0};
    EXPECT_EQ(pair.measure().state, PairState::ShapeMismatch);
}

TEST(MeasurementTest, StringsAreNotNumbers)
{
    const auto text =
        Tensor::fromBytes({DType::String, {1}, nullptr}, {std::byte{'a'}, std::byte{0}});
    ASSERT_TRUE(text);
    EXPECT_EQ(Pair(text.value(), text.value()).measure().state, PairState::NotNumeric);
}

TEST(MeasurementTest, StateNamesAreStable)
{
    EXPECT_EQ(pairStateName(PairState::Exact), "exact");
    EXPECT_EQ(pairStateName(PairState::ZeroReference), "zero_reference");
    EXPECT_EQ(pairStateName(PairState::NonfiniteMismatch), "nonfinite_mismatch");
    EXPECT_EQ(pairStateName(PairState::RawQuantized), "raw_quantized");
}

} // namespace
} // namespace syncpoint
