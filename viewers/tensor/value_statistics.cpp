#include "viewers/tensor/value_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace syncpoint {

ValueStatistics statisticsOf(std::span<const float> values)
{
    ValueStatistics result;
    result.count = values.size();
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    double sum = 0.0;
    double squares = 0.0;
    for (const float single : values) {
        const auto value = double{single};
        if (!std::isfinite(value)) {
            ++(std::isnan(value) ? result.nans : result.infinities);
            continue;
        }
        low = std::min(low, value);
        high = std::max(high, value);
        sum += value;
        squares += value * value;
        result.zeros += value == 0.0 ? 1U : 0U;
    }
    if (result.finite() == 0) {
        return result;
    }
    const auto count = static_cast<double>(result.finite());
    result.least = low;
    result.largest = high;
    result.mean = sum / count;
    result.rms = std::sqrt(squares / count);
    result.deviation = std::sqrt(std::max(0.0, squares / count - result.mean * result.mean));
    return result;
}

} // namespace syncpoint
