#pragma once
#include "core/tensor/tensor.h"

#include <span>
#include <string>

namespace syncpoint {

/// The bytes of a .npy file (version 1.0, little-endian, C order).
std::string npyOf(std::span<const float> values, std::span<const std::int64_t> shape);
/// As stored: fails on element types that NumPy does not know (bfloat16, float8, 4 and 2 bit) and
/// on strings.
Result<std::string> npyOf(const Tensor &tensor);

} // namespace syncpoint
