#pragma once
#include "core/tensor/tensor.h"

#include <memory>
#include <optional>
#include <string_view>

namespace syncpoint {

/// What a type says of the values that have it.
struct MlirType
{
    DType dtype = DType::Undefined;
    std::optional<Shape> shape; ///< −1 for unknown extents; nothing for unranked and other types
    std::shared_ptr<const Quantization> quantization;
};

/// Of "tensor<4x?x8xf32>", "tensor<2x!quant.uniform<i8:f32, 0.5:3>>", "memref<…>", "f32";
/// Undefined for types of other kinds.
MlirType mlirType(std::string_view text);

} // namespace syncpoint
