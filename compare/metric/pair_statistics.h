#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// P in psnr: how the peak is taken from the reference.
struct Peak
{
    enum class Mode { Range, MaxAbs, Max, Fixed };
    Mode mode = Mode::Range;
    double fixed = 1.0;
    bool operator==(const Peak &) const = default;
};
std::optional<Peak> peakFromText(std::string_view text); ///< "range", "maxabs", "max", "fixed:X"
std::string toText(const Peak &peak);

struct MetricSettings
{
    Peak peak;
    double atol = 1e-8; ///< for viol_ratio and zero references; numpy.allclose's default
    double rtol = 1e-5;
    bool withKl = false;
    bool operator==(const MetricSettings &) const = default;
};

/// Counts of values that are not finite, on one side.
struct NonfiniteCounts
{
    std::uint64_t nan = 0, positiveInf = 0, negativeInf = 0;
    std::uint64_t total() const { return nan + positiveInf + negativeInf; }
};

/// The sums that one pass over two tensors yields; r reference, c candidate, e = c − r, all over
/// the positions V where both are finite. Sums are additive, so blocks, channels and samples merge
/// (docs/metrics.md).
struct PairStatistics
{
    std::uint64_t count = 0; ///< |V|
    std::uint64_t total = 0; ///< all positions
    double sumR = 0, sumC = 0, sumE = 0;
    double sumRR = 0, sumCC = 0, sumRC = 0, sumEE = 0, sumAbsE = 0;
    double minR = std::numeric_limits<double>::infinity();
    double maxR = -std::numeric_limits<double>::infinity();
    double minC = std::numeric_limits<double>::infinity();
    double maxC = -std::numeric_limits<double>::infinity();
    double maxAbsE = 0;
    std::uint64_t maxAbsIndex = 0; ///< flat index of the largest |e|
    double maxRel = 0, sumRel = 0; ///< |e| / max(|r|, τ)
    double tau = 0;                ///< τ they were taken with; 0 when they were not
    std::uint64_t violations = 0;  ///< |e| > atol + rtol·|r|
    std::uint64_t mismatches = 0;  ///< positions whose values are not equal (NaN equals NaN)
    std::uint64_t saturated = 0;   ///< candidate integers at qmin or qmax; with quantization only
    double ulpMax = 0;             ///< floats only
    bool hasUlp = false;
    bool hasSaturation = false; ///< `saturated` was counted
    double meanScale = 0;       ///< mean quantization step of the candidate; 0 when not quantized
    double sumLsb2 = 0;         ///< Σ(e/scale)²
    NonfiniteCounts reference, candidate;
    std::uint64_t nonfiniteEqual = 0;                ///< same place, same kind and sign
    std::uint64_t nonfiniteMismatch = 0;             ///< one side only, or different
    std::optional<std::uint64_t> firstMismatchIndex; ///< of nonfiniteMismatch
    bool exactTypes = false; ///< integer, bool or index tensors, compared exactly
    /// Taken from summaries: the sums of the smallest error that agrees with these.
    bool isBound = false;
    /// |e| counted by the upper 16 bits of its float32 encoding: exponent and 7 bits of mantissa,
    /// so bins at most 1 % wide. Ends with the last bin in use; empty when not collected.
    std::vector<std::uint64_t> absErrorHistogram;
    std::optional<double> top1Agreement, top5Agreement, klDivergence;

    /// The smallest |e| that at least `share` of the positions in V do not exceed, to 1 %; nothing
    /// without a histogram. The largest |e| itself is exact.
    std::optional<double> absErrorQuantile(double share) const;

    /// Adds another part of the same pair, or another sample; `offset` is added to its indices.
    /// τ becomes the larger one; agreements and KL become means weighted by size.
    void merge(const PairStatistics &other, std::uint64_t offset);
};

} // namespace syncpoint
