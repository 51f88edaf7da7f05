#pragma once
#include "compare/metric/pair_statistics.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// What kind of pair it was; decides which numbers exist (docs/metrics.md, "States").
enum class PairState : std::uint8_t {
    Finite,            ///< ordinary numbers
    Exact,             ///< bit-identical
    ZeroReference,     ///< the reference is all zero, the candidate is not
    ConstantReference, ///< the reference is constant: peak falls back to maxabs
    Empty,
    NonfiniteMismatch, ///< NaN or Inf on one side only
    StatisticsOnly,    ///< from max, min, mean and norm: scores are the best they can be
    RawQuantized,      ///< integers without scale against floats: not comparable
    ShapeMismatch,
    NotNumeric,
};
std::string_view pairStateName(PairState state); ///< "finite", "exact", "zero_reference", …

/// The scores of one pair. A number that does not exist is absent, never invented.
struct Measurement
{
    PairState state = PairState::Empty;
    std::vector<std::optional<double>>
        values; ///< by index into builtinMetrics(); empty when not comparable
    Peak::Mode peakMode = Peak::Mode::Range; ///< the mode really used
    double peak = 0.0;
    PairStatistics statistics;

    std::optional<double> value(std::string_view metricId) const;
    double nsr() const; ///< ‖e‖²/‖r‖²; 0 when exact, +inf when the reference is zero and e is not
};

/// Scores from sums; the one place where states are decided. The histogram of the errors is not
/// kept: the percentiles are among the values.
Measurement evaluate(const PairStatistics &statistics, const MetricSettings &settings);
/// A pair without numbers: RawQuantized, ShapeMismatch or NotNumeric.
Measurement notComparable(PairState state);

} // namespace syncpoint
