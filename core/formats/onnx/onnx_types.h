#pragma once
#include "core/tensor/dtype.h"

#include <cstdint>
#include <optional>

namespace syncpoint {

/// TensorProto.DataType as our type; Undefined for numbers that ONNX has not defined (yet).
DType dtypeOfOnnx(std::int64_t dataType);
/// Inverse of dtypeOfOnnx(); nothing for types that ONNX lacks.
std::optional<std::int32_t> onnxTypeOf(DType dtype);

} // namespace syncpoint
