#pragma once
#include "compare/report/color_map.h"
#include "compare/report/image.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// A 2-D slice of a tensor in real numbers: the two axes that look like an image or a matrix, the
/// first index of all others.
struct TensorPlane
{
    std::size_t rows = 0, columns = 0;
    std::vector<float> values; ///< row by row
    std::string slice;         ///< "[0, 3, :, :]"
};

/// The slice for a thumbnail. `lead` fixes the first axis that is neither of the last two and
/// longer than one (a channel); it is clamped. Planes larger than `limit` along an axis are sampled
/// at regular steps. Fails on types that are not numbers.
Result<TensorPlane> planeOf(const Tensor &tensor, std::size_t lead, std::size_t limit = 96);

/// Lowest and highest finite value; both 0 when there is none.
struct ValueInterval
{
    float low = 0.0F, high = 0.0F;
};
ValueInterval intervalOf(std::span<const float> first, std::span<const float> second);

/// Colours the plane over `interval`; small planes are enlarged by whole factors to about `size`.
Image drawPlane(const TensorPlane &plane, ValueInterval interval, ColorMap map,
                std::size_t size = 96);

} // namespace syncpoint
