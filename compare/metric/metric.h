#pragma once
#include "compare/metric/pair_statistics.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// Everything people read about a metric; `syncpoint-cli metrics`, tooltips and docs come from it.
struct MetricDescriptor
{
    std::string_view id;      ///< stable key in JSON: "psnr"
    std::string_view name;    ///< "PSNR"
    std::string_view unit;    ///< "dB", "" for a plain number
    std::string_view formula; ///< in the notation of docs/metrics.md
    std::string_view note;    ///< what it shows that others hide
    bool higherIsBetter = false;
    bool isDefault = true; ///< part of the default set
    double ideal = 0.0;    ///< of an error (higherIsBetter false): distance to it is what counts
};

/// One number computed from the accumulated statistics of a tensor pair.
class Metric
{
public:
    virtual ~Metric() = default;
    virtual MetricDescriptor descriptor() const = 0;
    /// Nothing when the metric is not defined for this pair (see docs/metrics.md, "States").
    virtual std::optional<double> value(const PairStatistics &statistics,
                                        const MetricSettings &settings) const = 0;
};

/// P of psnr and the mode it was really taken by: a constant reference has no range, and a maximum
/// that is not positive is no peak, so both fall back to max |r|. 0 when there is no peak.
struct PeakValue
{
    Peak::Mode mode = Peak::Mode::Range;
    double value = 0.0;
};
PeakValue peakOf(const PairStatistics &statistics, const Peak &peak);

/// Every metric, in display order: a new one is one line in metric_list.cpp.
std::span<const std::unique_ptr<Metric>> builtinMetrics();
/// Index into builtinMetrics(); nothing when unknown.
std::optional<std::size_t> metricIndex(std::string_view id);

} // namespace syncpoint
