#pragma once
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <span>
#include <vector>

namespace syncpoint {

/// Decodes elements [first, first + out.size()) of `view` to real numbers, dequantizing integers
/// and 4- or 8-bit floats that carry quantization parameters (computed in double, rounded once to
/// float). The range must lie in the tensor; dtype must be numeric (see isNumeric()). Complex and
/// String are not numbers. Parameters that fail checkQuantization() are not applied.
void decode(const TensorView &view, std::uint64_t first, std::span<float> out);
/// As above without the last rounding.
void decode(const TensorView &view, std::uint64_t first, std::span<double> out);
/// Decodes `part`, which holds elements [first, first + out.size()) of a tensor described by
/// `whole` (as TensorStore::readRange() gives them), with the quantization of the whole.
void decodePart(const TensorView &part, const TensorInfo &whole, std::uint64_t first,
                std::span<float> out);
void decodePart(const TensorView &part, const TensorInfo &whole, std::uint64_t first,
                std::span<double> out);
/// The stored integers, without dequantizing; Bool gives 0 or 1. dtype must be integer or Bool.
void decodeRaw(const TensorView &view, std::uint64_t first, std::span<std::int64_t> out);

/// The whole tensor as floats; fails on non-numeric types.
Result<std::vector<float>> decodeAll(const TensorView &view);

/// A copy with the axes permuted: out.shape[i] = in.shape[permutation[i]]. Works on any dtype of
/// whole bytes and on packed types (through one element per step).
Result<Tensor> permuted(const Tensor &tensor, std::span<const std::size_t> permutation);

} // namespace syncpoint
