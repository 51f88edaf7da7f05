#include "viewers/tensor/value_range.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace syncpoint {

ValueRange extentOf(std::span<const float> first, std::span<const float> second)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const auto &values : {first, second}) {
        for (const float value : values) {
            if (std::isfinite(value)) {
                low = std::min(low, double{value});
                high = std::max(high, double{value});
            }
        }
    }
    if (low > high) {
        return {};
    }
    if (low == high) {
        const double margin = low == 0.0 ? 1.0 : std::abs(low) * 0.5;
        return {low - margin, high + margin};
    }
    return {low, high};
}

Histogram histogramOf(std::span<const float> values, const ValueRange &range, std::size_t bins)
{
    Histogram histogram{range, std::vector<std::uint64_t>(bins, 0)};
    const double scale = static_cast<double>(bins) / (range.high - range.low);
    for (const float value : values) {
        const double position = (double{value} - range.low) * scale;
        if (position >= 0.0 && position <= static_cast<double>(bins)) { // false for NaN
            ++histogram.counts[std::min(static_cast<std::size_t>(position), bins - 1)];
        }
    }
    return histogram;
}

ValueRange presetRange(RangePreset preset, const Histogram &first, const Histogram &second)
{
    const ValueRange &extent = first.range;
    if (preset == RangePreset::MinMax || first.counts.empty()) {
        return extent;
    }
    if (preset == RangePreset::Symmetric) {
        const double reach = std::max(std::abs(extent.low), std::abs(extent.high));
        return {-reach, reach};
    }
    const double tail = preset == RangePreset::Percent1 ? 0.01 : 0.001;
    std::vector<std::uint64_t> both = first.counts;
    for (std::size_t i = 0; i < std::min(both.size(), second.counts.size()); ++i) {
        both[i] += second.counts[i];
    }
    const auto total =
        static_cast<double>(std::accumulate(both.begin(), both.end(), std::uint64_t{0}));
    const double width = (extent.high - extent.low) / static_cast<double>(both.size());
    ValueRange range = extent;
    double below = 0.0;
    for (std::size_t i = 0; i < both.size(); ++i) {
        if (below <= tail * total) {
            range.low = extent.low + static_cast<double>(i) * width;
        }
        below += static_cast<double>(both[i]);
        if (below >= (1.0 - tail) * total) {
            range.high = extent.low + static_cast<double>(i + 1) * width;
            break;
        }
    }
    return range;
}

} // namespace syncpoint
