#include "compare/align/value_fingerprint.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {

std::optional<ValueFingerprint> fingerprintOf(std::vector<float> numbers)
{
    const std::size_t count = numbers.size();
    if (count < ValueFingerprint::kQuantiles ||
        !std::all_of(numbers.begin(), numbers.end(), [](float x) { return std::isfinite(x); })) {
        return std::nullopt;
    }
    std::sort(numbers.begin(), numbers.end());
    double sum = 0.0;
    double squares = 0.0;
    for (const float x : numbers) {
        sum += double{x};
        squares += double{x} * double{x};
    }
    const double mean = sum / static_cast<double>(count);
    ValueFingerprint made;
    made.deviation = std::sqrt(std::max(0.0, squares / static_cast<double>(count) - mean * mean));
    if (numbers.front() == numbers.back() || made.deviation == 0.0) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < ValueFingerprint::kQuantiles; ++i) {
        const std::size_t at = (2 * i + 1) * count / (2 * ValueFingerprint::kQuantiles);
        made.quantiles[i] = double{numbers[at]};
    }
    return made;
}

double fingerprintDistance(const ValueFingerprint &a, const ValueFingerprint &b)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < ValueFingerprint::kQuantiles; ++i) {
        sum += (a.quantiles[i] - b.quantiles[i]) * (a.quantiles[i] - b.quantiles[i]);
    }
    return std::sqrt(sum / ValueFingerprint::kQuantiles) / a.deviation;
}

} // namespace syncpoint
