#include "compare/metric/severity.h"
#include "tests/compare/metric/pair_fixture.h"

#include <cmath>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using testing::scores;

Severity severityAt(double psnr, const ThresholdProfile &profile)
{
    // range 1, constant error x: psnr = −20·log10(x)
    const float error = static_cast<float>(std::pow(10.0, -psnr / 20.0));
    return severityOf(scores({0.0F, 1.0F}, {error, 1.0F + error}), profile, {});
}

TEST(SeverityTest, LevelsFollowTheProfile)
{
    const ThresholdProfile int8 = builtinProfile("int8").value();
    EXPECT_EQ(severityAt(40.5, int8), Severity::Ok);
    EXPECT_EQ(severityAt(35.0, int8), Severity::Warn);
    EXPECT_EQ(severityAt(26.5, int8), Severity::Bad);
}

TEST(SeverityTest, EveryBuiltInProfileIsKnown)
{
    for (const char *name : {"exact", "float", "half", "int8", "int4"}) {
        ASSERT_TRUE(builtinProfile(name)) << name;
        EXPECT_EQ(builtinProfile(name)->name, name);
    }
    EXPECT_EQ(builtinProfile("custom"), std::nullopt);
}

TEST(SeverityTest, ExactIsOkAndNonfiniteMismatchIsBadWhateverTheDb)
{
    const ThresholdProfile profile = builtinProfile("exact").value();
    EXPECT_EQ(severityOf(scores({1.0F, 2.0F}, {1.0F, 2.0F}), profile, {}), Severity::Ok);
    EXPECT_EQ(severityOf(scores({1.0F, 2.0F}, {1.0F, std::nanf("")}), profile, {}), Severity::Bad);
}

TEST(SeverityTest, ZeroReferenceIsBadUnlessWithinAtol)
{
    const ThresholdProfile profile = builtinProfile("float").value();
    MetricSettings settings;
    settings.atol = 0.1;
    EXPECT_EQ(severityOf(scores({0.0F, 0.0F}, {0.0F, 0.05F}), profile, settings), Severity::Ok);
    EXPECT_EQ(severityOf(scores({0.0F, 0.0F}, {0.0F, 0.5F}), profile, settings), Severity::Bad);
}

TEST(SeverityTest, LimitsOnErrorsCountDownwards)
{
    const ThresholdProfile profile{"custom", "max_abs", 0.1, 1.0};
    EXPECT_EQ(severityOf(scores({0.0F, 1.0F}, {0.05F, 1.0F}), profile, {}), Severity::Ok);
    EXPECT_EQ(severityOf(scores({0.0F, 1.0F}, {0.5F, 1.0F}), profile, {}), Severity::Warn);
    EXPECT_EQ(severityOf(scores({0.0F, 1.0F}, {2.0F, 1.0F}), profile, {}), Severity::Bad);
}

TEST(SeverityTest, SignedMetricsCountTheirDistanceFromTheIdeal)
{
    const ThresholdProfile bias{"custom", "bias", 0.1, 1.0};
    EXPECT_EQ(severityOf(scores({0.0F, 1.0F}, {-2.0F, -1.0F}), bias, {}), Severity::Bad);
    const ThresholdProfile gain{"custom", "gain", 0.05, 0.2};
    EXPECT_EQ(severityOf(scores({1.0F, 2.0F}, {0.5F, 1.0F}), gain, {}), Severity::Bad);
    EXPECT_EQ(severityOf(scores({1.0F, 2.0F}, {1.01F, 2.02F}), gain, {}), Severity::Ok);
}

TEST(SeverityTest, AMetricThatSaysNothingOfADifferentPairIsBad)
{
    const ThresholdProfile profile{"custom", "sat_ratio", 0.1, 0.2};
    EXPECT_EQ(severityOf(scores({1.0F, 2.0F}, {1.0F, 3.0F}), profile, {}), Severity::Bad);
}

TEST(SeverityTest, FewUnequalIntegersWarn)
{
    std::vector<std::int64_t> r(1000, 7);
    std::vector<std::int64_t> c = r;
    c[5] = 8;
    const ThresholdProfile profile = builtinProfile("int8").value();
    const auto severity = [&] {
        return severityOf(testing::Pair(testing::tensorOf<std::int64_t>(DType::Int64, {1000}, r),
                                        testing::tensorOf<std::int64_t>(DType::Int64, {1000}, c))
                              .evaluated(),
                          profile, {});
    };
    EXPECT_EQ(severity(), Severity::Warn);
    std::fill(c.begin(), c.begin() + 100, 8);
    EXPECT_EQ(severity(), Severity::Bad);
}

} // namespace
} // namespace syncpoint
