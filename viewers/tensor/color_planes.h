#pragma once
#include "viewers/tensor/plane.h"

#include <array>

namespace syncpoint {

/// The axis that holds red, green and blue (and opacity): that of three or four indices next to the
/// picture's own. Nothing without one.
std::optional<std::size_t> guessColorAxis(std::span<const std::int64_t> shape,
                                          const PlaneAxes &axes);

/// Red, green and blue of `axes.color`, which is set, as extractPlane() gives them.
std::array<Plane, 3> extractColors(std::span<const float> data, std::span<const std::int64_t> shape,
                                   PlaneAxes axes);

/// Of every cell the largest of the three by magnitude, so that an error in one colour is seen.
Plane largestOf(std::array<Plane, 3> planes);

} // namespace syncpoint
