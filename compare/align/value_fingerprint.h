#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace syncpoint {

/// How the numbers of a tensor are distributed; blind to their order, so to every layout.
struct ValueFingerprint
{
    static constexpr std::size_t kQuantiles = 64;
    std::array<double, kQuantiles> quantiles{}; ///< evenly spread, ascending
    double deviation = 0.0;                     ///< standard deviation, never 0
};

/// Nothing for fewer than 64 numbers, numbers that are all equal, or any that is not finite: these
/// identify nothing.
std::optional<ValueFingerprint> fingerprintOf(std::vector<float> numbers);

/// Root mean square of the quantiles' differences in standard deviations of `a`; 0 for the same
/// distribution.
double fingerprintDistance(const ValueFingerprint &a, const ValueFingerprint &b);

} // namespace syncpoint
