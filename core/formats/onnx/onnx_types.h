#pragma once
#include "core/tensor/dtype.h"

#include <cstdint>

namespace syncpoint {

/// TensorProto.DataType as our type; Undefined for numbers that ONNX has not defined (yet).
DType dtypeOfOnnx(std::int64_t dataType);

} // namespace syncpoint
