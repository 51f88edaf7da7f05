#include "compare/metric/metric.h"
#include "tests/compare/metric/pair_fixture.h"

#include <cmath>
#include <gtest/gtest.h>
#include <set>

namespace syncpoint {
namespace {

using testing::floats;
using testing::Pair;
using testing::scores;

// r = {1, −2, 3, 4}, c = {1.5, −2, 2, 4}: e = {0.5, 0, −1, 0}, Σe² = 1.25, Σr² = 30, Σc² = 26.25.
const std::vector<float> kReference{1.0F, -2.0F, 3.0F, 4.0F};
const std::vector<float> kCandidate{1.5F, -2.0F, 2.0F, 4.0F};

double valueOf(std::string_view id)
{
    return scores(kReference, kCandidate).value(id).value();
}

TEST(MetricTest, PsnrTakesTheRangeOfTheReferenceAsPeak)
{
    EXPECT_NEAR(valueOf("psnr"), 10.0 * std::log10(36.0 / 0.3125), 1e-12);
}

TEST(MetricTest, PsnrTakesOtherPeaksWhenAsked)
{
    const auto psnr = [](const char *peak) {
        MetricSettings settings;
        settings.peak = peakFromText(peak).value();
        const Measurement result =
            scores({-5.0F, -2.0F, 3.0F, 4.0F}, {-4.5F, -2.0F, 2.0F, 4.0F}, settings);
        return std::pow(10.0, *result.value("psnr") / 10.0) * 0.3125;
    };
    EXPECT_NEAR(psnr("range"), 81.0, 1e-9);
    EXPECT_NEAR(psnr("maxabs"), 25.0, 1e-9);
    EXPECT_NEAR(psnr("max"), 16.0, 1e-9);
    EXPECT_NEAR(psnr("fixed:2.5"), 6.25, 1e-9);
}

TEST(MetricTest, RatiosOfEnergiesFollowTheirFormulas)
{
    EXPECT_NEAR(valueOf("sqnr"), 10.0 * std::log10(30.0 / 1.25), 1e-12);
    EXPECT_NEAR(valueOf("rel_l2"), std::sqrt(1.25 / 30.0), 1e-15);
    EXPECT_NEAR(valueOf("cosine"), 27.5 / std::sqrt(30.0 * 26.25), 1e-15);
    EXPECT_NEAR(valueOf("gain"), 27.5 / 30.0, 1e-15);
}

TEST(MetricTest, PearsonRemovesTheMeans)
{
    // means 1.5 and 1.375
    EXPECT_NEAR(valueOf("pcc"),
                (27.5 - 6.0 * 1.375) / std::sqrt((30.0 - 9.0) * (26.25 - 5.5 * 1.375)), 1e-14);
}

TEST(MetricTest, MeansDivideByTheElementCount)
{
    EXPECT_NEAR(valueOf("mse"), 0.3125, 1e-15);
    EXPECT_NEAR(valueOf("rmse"), std::sqrt(0.3125), 1e-15);
    EXPECT_NEAR(valueOf("mae"), 0.375, 1e-15);
    EXPECT_NEAR(valueOf("bias"), -0.125, 1e-15);
}

TEST(MetricTest, OrderStatisticsAreThoseOfTheAbsoluteError)
{
    EXPECT_EQ(valueOf("max_abs"), 1.0);
    EXPECT_EQ(scores(kReference, kCandidate).statistics.maxAbsIndex, 2U);
    EXPECT_EQ(valueOf("p99_abs"), 1.0);
    EXPECT_EQ(valueOf("p999_abs"), 1.0);
}

TEST(MetricTest, RelativeErrorsKeepZerosThroughTau)
{
    const Measurement result = scores({0.0F, 2.0F}, {0.001F, 2.0F});
    const double tau = 1e-3 * std::sqrt(2.0);
    EXPECT_NEAR(result.statistics.tau, tau, 1e-15);
    EXPECT_NEAR(result.value("max_rel").value(), 0.001 / tau, 1e-6);
    EXPECT_NEAR(result.value("mean_rel").value(), 0.0005 / tau, 1e-6);
}

TEST(MetricTest, CountsFollowTheirRules)
{
    EXPECT_EQ(valueOf("viol_ratio"), 0.5);
    EXPECT_EQ(valueOf("mismatch_ratio"), 0.5);
    EXPECT_EQ(valueOf("nonfinite"), 0.0);
    MetricSettings loose;
    loose.atol = 0.1;
    loose.rtol = 0.35;
    // |e| = 1 at r = 3: 1 ≤ 0.1 + 1.05; |e| = 0.5 at r = 1: 0.5 > 0.45
    EXPECT_EQ(scores(kReference, kCandidate, loose).value("viol_ratio"), 0.25);
}

TEST(MetricTest, UlpCountsStepsOfTheCoarserFloatType)
{
    EXPECT_EQ(scores({1.0F, 0.0F}, {std::nextafter(1.0F, 2.0F), -0.0F}).value("ulp_max"), 1.0);
    const float least = std::numeric_limits<float>::denorm_min();
    EXPECT_EQ(scores({least}, {-least}).value("ulp_max"), 2.0);

    const auto half = testing::tensorOf<std::uint16_t>(DType::Float16, {2}, {0x3C00, 0xBC03});
    EXPECT_EQ(Pair(floats({1.0F, -1.0F}), half).evaluated().value("ulp_max"), 3.0);
    const auto brain = testing::tensorOf<std::uint16_t>(DType::BFloat16, {2}, {0x3F80, 0x3F82});
    EXPECT_EQ(Pair(floats({1.001F, 1.0F}), brain).evaluated().value("ulp_max"), 2.0);
}

TEST(MetricTest, TopKCountsRowsOfTheLastAxis)
{
    const Tensor r = Tensor::fromFloats({2, 6}, std::vector<float>{9, 8, 7, 6, 5, 0, //
                                                                   1, 2, 3, 4, 5, 6});
    const Tensor c = Tensor::fromFloats({2, 6}, std::vector<float>{9, 8, 7, 6, 0, 5, //
                                                                   1, 2, 3, 4, 6, 5});
    Pair pair(r, c);
    EXPECT_EQ(pair.evaluated().value("topk_agree"), std::nullopt);
    pair.pair.isModelOutput = true;
    EXPECT_EQ(pair.evaluated().value("topk_agree"), 0.5);
    EXPECT_EQ(pair.evaluated().value("top5_agree"), 0.9);
}

TEST(MetricTest, KlComparesDistributionsOnlyWhenAsked)
{
    MetricSettings settings;
    EXPECT_EQ(scores({0, 0, 1, 1}, {0, 1, 1, 1}, settings).value("kl"), std::nullopt);
    settings.withKl = true;
    const double expected = 0.5 * std::log(0.5 / 0.25) + 0.5 * std::log(0.5 / 0.75);
    EXPECT_NEAR(scores({0, 0, 1, 1}, {0, 1, 1, 1}, settings).value("kl").value(), expected, 1e-12);
}

TEST(MetricTest, ScoresOfAnImageDoNotDependOnItsFirstDimension)
{
    const std::vector<float> r(std::size_t{3} * 64 * 64, 0.5F);
    std::vector<float> reference = r;
    reference[0] = 0.0F;
    reference[1] = 1.0F;
    std::vector<float> candidate = reference;
    for (float &value : candidate) {
        value += 0.01F;
    }
    const Pair pair(Tensor::fromFloats({1, 3, 64, 64}, reference),
                    Tensor::fromFloats({1, 3, 64, 64}, candidate));
    EXPECT_NEAR(pair.evaluated().value("psnr").value(), 40.0, 1e-4);
}

TEST(MetricTest, TinyErrorsAreNotCappedByAnEpsilon)
{
    const auto r = testing::tensorOf<double>(DType::Float64, {2}, {0.0, 1.0});
    const auto c = testing::tensorOf<double>(DType::Float64, {2}, {1e-15, 1.0});
    EXPECT_NEAR(Pair(r, c).evaluated().value("psnr").value(), 300.0 + 10.0 * std::log10(2.0), 1e-9);
}

TEST(MetricTest, IdealQuantizersScoreAsTheDocumentationSays)
{
    // A ramp over the full range of an 8-bit quantizer: 20·log10(255) + 10.79 dB.
    std::vector<float> r(100001);
    std::vector<std::uint8_t> q(r.size());
    for (std::size_t i = 0; i < r.size(); ++i) {
        r[i] = static_cast<float>(i) / 100000.0F * 255.0F;
        q[i] = static_cast<std::uint8_t>(std::lround(r[i]));
    }
    const auto c =
        testing::tensorOf<std::uint8_t>(DType::UInt8, {100001}, q, testing::quantization({1.0}));
    const Measurement result = Pair(floats(r), c).evaluated();
    EXPECT_NEAR(result.value("psnr").value(), 20.0 * std::log10(255.0) + 10.79, 0.02);
    EXPECT_NEAR(result.value("lsb_rmse").value(), 0.2887, 1e-3);
}

TEST(MetricListTest, IdsAreUniqueAndDescribed)
{
    std::set<std::string_view> ids;
    for (const auto &metric : builtinMetrics()) {
        const MetricDescriptor descriptor = metric->descriptor();
        EXPECT_TRUE(ids.insert(descriptor.id).second) << descriptor.id;
        EXPECT_FALSE(descriptor.name.empty());
        EXPECT_FALSE(descriptor.formula.empty());
        EXPECT_FALSE(descriptor.note.empty());
        EXPECT_EQ(builtinMetrics()[*metricIndex(descriptor.id)].get(), metric.get());
    }
    EXPECT_EQ(metricIndex("no_such_metric"), std::nullopt);
}

TEST(PeakTest, TextGoesBothWays)
{
    for (const char *text : {"range", "maxabs", "max", "fixed:2.5"}) {
        EXPECT_EQ(toText(peakFromText(text).value()), text);
    }
    for (const char *text :
         {"", "fixed", "fixed:", "fixed:0", "fixed:-1", "fixed:nan", "fixed:1x"}) {
        EXPECT_EQ(peakFromText(text), std::nullopt) << text;
    }
}

} // namespace
} // namespace syncpoint
