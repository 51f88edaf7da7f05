#include "viewers/tensor/value_range.h"

#include "core/base/parallel_for.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace syncpoint {

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 19U; ///< elements that one thread takes at once

std::size_t chunksOf(std::span<const float> values)
{
    return (values.size() + kChunk - 1) / kChunk;
}

std::span<const float> chunk(std::span<const float> values, std::size_t index)
{
    return values.subspan(index * kChunk, std::min(kChunk, values.size() - index * kChunk));
}

struct Extremes
{
    float low = std::numeric_limits<float>::infinity();
    float high = -std::numeric_limits<float>::infinity();
};

Extremes extremesOf(std::span<const float> values)
{
    std::vector<Extremes> parts(chunksOf(values));
    parallelFor(parts.size(), [&](std::size_t i) {
        Extremes part;
        for (const float value : chunk(values, i)) {
            const bool isFinite = value - value == 0.0F;
            part.low = isFinite && value < part.low ? value : part.low;
            part.high = isFinite && value > part.high ? value : part.high;
        }
        parts[i] = part;
    });
    Extremes all;
    for (const Extremes &part : parts) {
        all.low = std::min(all.low, part.low);
        all.high = std::max(all.high, part.high);
    }
    return all;
}

} // namespace

ValueRange extentOf(std::span<const float> first, std::span<const float> second)
{
    const Extremes one = extremesOf(first);
    const Extremes other = extremesOf(second);
    const auto low = double{std::min(one.low, other.low)};
    const auto high = double{std::max(one.high, other.high)};
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
    const double scale = static_cast<double>(bins) / (range.high - range.low);
    std::vector<std::vector<std::uint64_t>> parts(chunksOf(values));
    parallelFor(parts.size(), [&](std::size_t i) {
        std::vector<std::uint64_t> counts(bins, 0);
        for (const float value : chunk(values, i)) {
            const double position = (double{value} - range.low) * scale;
            if (position >= 0.0 && position <= static_cast<double>(bins)) { // false for NaN
                ++counts[std::min(static_cast<std::size_t>(position), bins - 1)];
            }
        }
        parts[i] = std::move(counts);
    });
    Histogram histogram{range, std::vector<std::uint64_t>(bins, 0)};
    for (const auto &part : parts) {
        for (std::size_t bin = 0; bin < bins; ++bin) {
            histogram.counts[bin] += part[bin];
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
