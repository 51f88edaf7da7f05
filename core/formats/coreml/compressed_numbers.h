#pragma once
#include "core/tensor/tensor.h"

#include <cstddef>
#include <memory>
#include <optional>

namespace syncpoint {

/// Decoded forms of Core ML's compressed weights, worked out when asked for. Source of all:
/// coremltools, documentation of the iOS 16 and iOS 18 constexpr operations. All fail when the
/// parts do not fit each other.

/// `lut` has the rank of `indices` and two axes more: one table of 2^bits vectors for each block
/// that `indices` is divided into. Vectors of more than one element lie along `vectorAxis`.
Result<Tensor> paletteTensor(const Tensor &indices, const Tensor &lut,
                             std::optional<std::size_t> vectorAxis);

/// scale · (data − offset), where `scale` and `offset` have the rank of `data` and one element for
/// each block that it is divided into.
Result<Tensor> scaledTensor(const Tensor &data, const Tensor &scale,
                            const std::optional<Tensor> &offset);

/// Zero where `mask` (uint1) has a zero, else the next element of `nonzero`. Never reads outside of
/// it, whatever the mask.
Result<Tensor> sparseTensor(const Tensor &mask, const Tensor &nonzero);

/// `dense` where `mask` (uint1, of the same shape) has a one, else zero.
Result<Tensor> maskedTensor(const Tensor &mask, const Tensor &dense);

} // namespace syncpoint
