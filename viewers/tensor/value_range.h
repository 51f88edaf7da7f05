#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace syncpoint {

/// The values that the two ends of a colour map stand for.
struct ValueRange
{
    double low = 0.0;
    double high = 1.0;
    bool operator==(const ValueRange &) const = default;
};

/// The real numbers that integers of one scale stand for: the multiples of `step` in `range`.
struct QuantizationGrid
{
    double step = 0.0;
    ValueRange range;
};

enum class RangePreset { MinMax, Percent1, PerMille1, Symmetric };

/// Counts of finite values in equal bins; values outside the range are not counted.
struct Histogram
{
    ValueRange range;
    std::vector<std::uint64_t> counts;
};

/// Smallest and largest finite value over both; {0, 1} when there is none, widened when all are
/// equal.
ValueRange extentOf(std::span<const float> first, std::span<const float> second);
Histogram histogramOf(std::span<const float> values, const ValueRange &range, std::size_t bins);
/// The preset's range for both sides together, from their histograms over the same extent.
/// Percentiles are exact to one bin.
ValueRange presetRange(RangePreset preset, const Histogram &first, const Histogram &second);

} // namespace syncpoint
