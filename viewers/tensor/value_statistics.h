#pragma once
#include <cstdint>
#include <span>

namespace syncpoint {

/// What one pass over values tells. Moments are over finite values.
struct ValueStatistics
{
    std::uint64_t count = 0, nans = 0, infinities = 0, zeros = 0;
    double least = 0.0, largest = 0.0, mean = 0.0;
    double deviation = 0.0; ///< standard deviation, of the population
    double rms = 0.0;
    std::uint64_t finite() const { return count - nans - infinities; }
};
ValueStatistics statisticsOf(std::span<const float> values);

} // namespace syncpoint
