#include "compare/metric/measurement.h"

#include "compare/metric/metric.h"

#include <limits>

namespace syncpoint {
namespace {

/// The table "States" of docs/metrics.md, most telling first.
PairState stateOf(const PairStatistics &s)
{
    if (s.total == 0) {
        return PairState::Empty;
    }
    if (s.nonfiniteMismatch > 0) {
        return PairState::NonfiniteMismatch;
    }
    if (s.isBound) {
        return PairState::StatisticsOnly;
    }
    if (s.mismatches == 0) {
        return PairState::Exact;
    }
    if (s.exactTypes) {
        return PairState::Finite;
    }
    if (s.minR == 0.0 && s.maxR == 0.0) {
        return PairState::ZeroReference;
    }
    return s.minR == s.maxR ? PairState::ConstantReference : PairState::Finite;
}

} // namespace

std::string_view pairStateName(PairState state)
{
    switch (state) {
    case PairState::Finite:
        return "finite";
    case PairState::Exact:
        return "exact";
    case PairState::ZeroReference:
        return "zero_reference";
    case PairState::ConstantReference:
        return "constant_reference";
    case PairState::Empty:
        return "empty";
    case PairState::NonfiniteMismatch:
        return "nonfinite_mismatch";
    case PairState::StatisticsOnly:
        return "statistics_only";
    case PairState::RawQuantized:
        return "raw_quantized";
    case PairState::ShapeMismatch:
        return "shape_mismatch";
    case PairState::NotNumeric:
        return "not_numeric";
    }
    return "";
}

std::optional<double> Measurement::value(std::string_view metricId) const
{
    const auto index = metricIndex(metricId);
    return index && *index < values.size() ? values[*index] : std::nullopt;
}

double Measurement::nsr() const
{
    if (statistics.sumEE == 0.0) {
        return 0.0;
    }
    return statistics.sumRR == 0.0 ? std::numeric_limits<double>::infinity()
                                   : statistics.sumEE / statistics.sumRR;
}

Measurement evaluate(const PairStatistics &statistics, const MetricSettings &settings)
{
    Measurement result;
    result.state = stateOf(statistics);
    result.statistics = statistics;
    result.statistics.absErrorHistogram =
        std::vector<std::uint64_t>(); // "= {}" would keep its memory
    const PeakValue peak = peakOf(statistics, settings.peak);
    result.peakMode = peak.mode;
    result.peak = peak.value;
    for (const auto &metric : builtinMetrics()) {
        result.values.push_back(metric->value(statistics, settings));
    }
    return result;
}

Measurement notComparable(PairState state)
{
    Measurement result;
    result.state = state;
    return result;
}

} // namespace syncpoint
