#pragma once
#include "compare/metric/block_kernels.h"
#include "compare/metric/pair_statistics.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace syncpoint {

/// How flat indices map to channels; none for count 0.
struct ChannelLayout
{
    std::size_t count = 0;
    std::uint64_t inner = 1; ///< neighbouring elements of one channel
    std::size_t axis = 0;
};

/// What is kept per channel: enough for the metrics that are formulas of sums.
struct ChannelSums
{
    std::uint64_t count = 0;
    double sumR = 0, sumC = 0, sumE = 0, sumAbsE = 0;
    double sumRR = 0, sumCC = 0, sumRC = 0, sumEE = 0;
    double minR = std::numeric_limits<double>::infinity();
    double maxR = -std::numeric_limits<double>::infinity();
    double minC = std::numeric_limits<double>::infinity();
    double maxC = -std::numeric_limits<double>::infinity();
    double maxAbsE = 0;

    void merge(const ChannelSums &other);
    PairStatistics toStatistics() const;
};

/// Adds up the statistics of consecutive runs of a pair. Not thread-safe: one per chunk, merged in
/// the order of the chunks.
class PairAccumulator
{
public:
    static constexpr std::size_t kMaxRun =
        4096; ///< elements per add(); both sides stay in the caches next to the core

    struct Options
    {
        Tolerance tolerance;
        std::optional<double> tau;  ///< collects relative errors
        bool exactRelative = false; ///< with divisions in double instead of to 0.4 %
        UlpType ulp = UlpType::None;
        bool withHistogram = true;
        std::uint32_t histogramFloor = 0; ///< bins below are not counted
        std::uint64_t expected = 0;       ///< elements to come; long runs get a faster histogram
        ChannelLayout channels;
    };
    explicit PairAccumulator(const Options &options);

    /// Elements [first, first + n) of both sides, n ≤ kMaxRun. R and C are float or double.
    template <typename R, typename C>
    void add(std::uint64_t first, const R *r, const C *c, std::size_t n);
    /// Unequal stored integers; they replace the mismatches of the real numbers.
    void addExactMismatches(std::uint64_t count)
    {
        m_exactMismatches = m_exactMismatches.value_or(0) + count;
    }
    void addSaturated(std::uint64_t count) { m_total.saturated += count; }

    /// The sums so far; the histogram is complete from `histogramFloor` up.
    PairStatistics take();
    std::vector<ChannelSums> &channels() { return m_channels; }

private:
    template <typename R, typename C>
    void addRun(std::uint64_t first, const R *r, const C *c, std::size_t n, ChannelSums *channel);
    template <typename R, typename C>
    void addFinite(const R *r, const C *c, std::size_t n, const BlockSums &sums,
                   ChannelSums *channel);
    template <typename R, typename C>
    BlockSums addWithNonfinite(std::uint64_t first, const R *r, const C *c, std::size_t n,
                               ChannelSums *channel);
    template <typename R, typename C>
    void updateLargest(std::uint64_t first, const R *r, const C *c, std::size_t n,
                       const BlockSums &sums);
    template <typename R, typename C>
    void addRelative(const R *r, const C *c, std::size_t n, const BlockSums &sums);
    template <typename R, typename C>
    void addToSmallChannels(std::uint64_t first, const R *r, const C *c, std::size_t n);
    void countErrors(std::span<const float> errors);
    std::vector<std::uint64_t> histogram() const;
    void classifyNonfinite(std::uint64_t index, double r, double c);

    Options m_options;
    BlockRequest m_request;
    PairStatistics m_total;
    std::vector<ChannelSums> m_channels;
    std::optional<std::uint64_t> m_exactMismatches;
    std::vector<float> m_errors;
    std::vector<std::uint32_t> m_histogram; ///< from the floor up, m_copies interleaved
    std::size_t m_copies = 1;
};

} // namespace syncpoint
