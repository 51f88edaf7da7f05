#include "compare/session/headline.h"

#include "compare/metric/metric.h"

namespace syncpoint {

double quality(const Measurement &measurement, std::string_view metric)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    switch (measurement.state) {
    case PairState::Exact:
    case PairState::Empty:
        return kInfinity;
    case PairState::NonfiniteMismatch:
    case PairState::ZeroReference:
        return -kInfinity;
    default:
        break;
    }
    const auto index = metricIndex(metric);
    const auto value = measurement.value(metric);
    if (!index || !value) {
        return -kInfinity;
    }
    return builtinMetrics()[*index]->descriptor().higherIsBetter ? *value : -*value;
}

} // namespace syncpoint
