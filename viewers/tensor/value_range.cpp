#include "viewers/tensor/value_range.h"

#include "core/base/parallel_for.h"
#include "viewers/tensor/range_kernels.h"

#include <algorithm>
#include <array>
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
        const auto part = chunk(values, i);
        widenExtremes(part.data(), part.size(), parts[i].low, parts[i].high);
    });
    Extremes all;
    for (const Extremes &part : parts) {
        all.low = std::min(all.low, part.low);
        all.high = std::max(all.high, part.high);
    }
    return all;
}

/// Adds a part's values to `counts`. They are counted in four tables in turn: neighbours often fall
/// into one bin, and would wait for one another.
void countPart(std::span<const float> values, const ValueRange &range,
               std::vector<std::uint64_t> &counts)
{
    constexpr std::size_t kBlock = 1024;
    constexpr std::size_t kTables = 4;
    const std::size_t bins = counts.size();
    const std::size_t slots = bins + 2; // as findBins() gives them
    const double scale = static_cast<double>(bins) / (range.high - range.low);
    std::vector<std::uint32_t> tables(kTables * slots, 0);
    std::array<std::int32_t, kBlock> places{};
    for (std::size_t start = 0; start < values.size(); start += kBlock) {
        const auto block = values.subspan(start, std::min(kBlock, values.size() - start));
        findBins(block.data(), block.size(), range.low, scale, static_cast<std::int32_t>(bins),
                 places.data());
        for (std::size_t i = 0; i < block.size(); ++i) {
            ++tables[i % kTables * slots + static_cast<std::size_t>(places[i])];
        }
    }
    for (std::size_t i = 0; i < kTables * slots; ++i) {
        const std::size_t slot = i % slots;
        if (slot <= bins) {
            counts[std::min(slot, bins - 1)] += tables[i];
        }
    }
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
    std::vector<std::vector<std::uint64_t>> parts(chunksOf(values));
    parallelFor(parts.size(), [&](std::size_t i) {
        parts[i].resize(bins);
        countPart(chunk(values, i), range, parts[i]);
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
