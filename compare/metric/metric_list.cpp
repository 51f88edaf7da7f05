#include "compare/metric/metric_groups.h"

namespace syncpoint {

std::span<const std::unique_ptr<Metric>> builtinMetrics()
{
    static const MetricList metrics = [] {
        MetricList list;
        addRatioMetrics(list);
        addErrorMetrics(list);
        addCountMetrics(list);
        addNumberFormatMetrics(list);
        return list;
    }();
    return metrics;
}

std::optional<std::size_t> metricIndex(std::string_view id)
{
    const auto metrics = builtinMetrics();
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        if (metrics[i]->descriptor().id == id) {
            return i;
        }
    }
    return std::nullopt;
}

} // namespace syncpoint
