#pragma once
#include "core/tensor/dtype.h"

#include <cstdint>

namespace syncpoint {

/// PyTorch's ScalarType, as programs and event dumps number it, as our type; Undefined for types
/// that carry their own quantization and for numbers that are not known.
DType dtypeOfExecuTorch(std::int64_t scalarType);

} // namespace syncpoint
