#include "compare/attribute/hints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace syncpoint {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Statistics of a pair of short arrays, straight from the definitions.
Measurement measure(const std::vector<double> &r, const std::vector<double> &c)
{
    PairStatistics s;
    s.count = s.total = r.size();
    for (std::size_t i = 0; i < r.size(); ++i) {
        const double e = c[i] - r[i];
        s.sumR += r[i];
        s.sumC += c[i];
        s.sumE += e;
        s.sumRR += r[i] * r[i];
        s.sumCC += c[i] * c[i];
        s.sumRC += r[i] * c[i];
        s.sumEE += e * e;
        s.sumAbsE += std::abs(e);
        s.minR = std::min(s.minR, r[i]);
        s.maxR = std::max(s.maxR, r[i]);
        s.minC = std::min(s.minC, c[i]);
        s.maxC = std::max(s.maxC, c[i]);
        s.maxAbsE = std::max(s.maxAbsE, std::abs(e));
        s.mismatches += e != 0.0 ? 1U : 0U;
    }
    return evaluate(s, {});
}

std::vector<double> wave(std::size_t count, double phase = 0.0)
{
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = std::sin(0.37 * static_cast<double>(i) + phase);
    }
    return values;
}

std::vector<std::string> hints(const Measurement &measurement)
{
    return hintsFor({&measurement, {}, 0});
}

TEST(HintsTest, ExactPairHasNone)
{
    EXPECT_THAT(hints(measure(wave(100), wave(100))), IsEmpty());
    EXPECT_THAT(hintsFor({}), IsEmpty());
}

TEST(HintsTest, ConstantOffsetPointsToZeroPointOrBias)
{
    std::vector<double> shifted = wave(100);
    for (double &value : shifted) {
        value += 0.25;
    }
    EXPECT_THAT(hints(measure(wave(100), shifted)), Contains(HasSubstr("the mean error is 0.25")));
}

TEST(HintsTest, WrongGainPointsToScale)
{
    std::vector<double> scaled = wave(100);
    for (double &value : scaled) {
        value *= 0.9;
    }
    EXPECT_THAT(hints(measure(wave(100), scaled)), Contains(HasSubstr("times 0.900")));
}

TEST(HintsTest, SameNumbersInAnotherOrderPointToLayout)
{
    std::vector<double> reversed = wave(128, 1.0);
    std::vector<double> original(reversed.rbegin(), reversed.rend());
    std::rotate(reversed.begin(), reversed.begin() + 4, reversed.end());
    EXPECT_THAT(hints(measure(original, reversed)), Contains(HasSubstr("another order")));
}

TEST(HintsTest, NonfiniteNearTheHalfMaximumIsAnOverflow)
{
    Measurement measurement = measure({60000.0, 1.0}, {60000.0, 1.0});
    measurement.statistics.nonfiniteMismatch = 3;
    measurement.statistics.candidate.positiveInf = 3;
    EXPECT_THAT(hints(measurement), Contains(HasSubstr("overflow")));
}

TEST(HintsTest, FewBadChannelsPointToPerChannelScales)
{
    const Measurement measurement = measure(wave(100), wave(100, 0.1));
    std::vector<double> channels(16, 1e-4);
    channels[5] = 0.5;
    const auto found = hintsFor({&measurement, channels, 1});
    EXPECT_THAT(found, Contains(HasSubstr("1 of 16 channels along axis 1")));
    EXPECT_THAT(found, Contains(HasSubstr("channel 5")));
}

} // namespace
} // namespace syncpoint
