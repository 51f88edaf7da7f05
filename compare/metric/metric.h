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

/// Every metric, in display order: a new one is one line in metric_list.cpp.
std::span<const std::unique_ptr<Metric>> builtinMetrics();
/// Index into builtinMetrics(); nothing when unknown.
std::optional<std::size_t> metricIndex(std::string_view id);

} // namespace syncpoint
