#pragma once
#include "core/tensor/tensor.h"

#include <span>
#include <string>

namespace syncpoint {

/// Whether NumPy has the element type: not bfloat16, float8, types of fewer than 8 bits or strings.
bool hasNpyType(DType dtype);
/// What stands before the elements in a .npy file (version 1.0, little-endian, C order), a multiple
/// of 64 bytes. hasNpyType() must hold. Format: numpy/lib/format.py.
std::string npyHeaderOf(DType dtype, std::span<const std::int64_t> shape);

/// The bytes of a .npy file.
std::string npyOf(std::span<const float> values, std::span<const std::int64_t> shape);
/// As stored: fails on element types that NumPy does not have.
Result<std::string> npyOf(const Tensor &tensor);

} // namespace syncpoint
