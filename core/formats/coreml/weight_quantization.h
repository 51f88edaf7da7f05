#pragma once
#include "core/tensor/tensor.h"

#include <memory>
#include <optional>

namespace syncpoint {

/// scale · (data − offset) as a Quantization of data of this shape. `scale` and `offset` have its
/// rank and one element for each block that it is divided into. Null when blocks lie along several
/// axes or offsets are no integers, which a Quantization cannot say.
std::shared_ptr<const Quantization> weightQuantization(const Shape &shape, const Tensor &scale,
                                                       const std::optional<Tensor> &offset);

} // namespace syncpoint
