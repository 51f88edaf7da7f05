#pragma once
#include <cstddef>
#include <cstdint>

namespace syncpoint {

// SIMD loops with run-time dispatch over the values of a tensor.

/// Lowers `low` and raises `high` to the finite ones among `n` values.
void widenExtremes(const float *values, std::size_t n, float &low, float &high);

/// The bin of each value when [low, low + bins / scale] has `bins` equal ones: 0 to bins − 1,
/// `bins` for the upper end itself, bins + 1 for values outside and NaN. In float: a value within a
/// ten-thousandth of a bin from its edge may fall on the other side.
void findBins(const float *values, std::size_t n, double low, double scale, std::int32_t bins,
              std::int32_t *places);

} // namespace syncpoint
