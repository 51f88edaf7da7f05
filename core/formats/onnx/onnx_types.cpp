#include "core/formats/onnx/onnx_types.h"

#include <array>

namespace syncpoint {

DType dtypeOfOnnx(std::int64_t dataType)
{
    static constexpr std::array<DType, 27> kTypes{
        DType::Undefined,      DType::Float32,    DType::UInt8,
        DType::Int8,           DType::UInt16,     DType::Int16,
        DType::Int32,          DType::Int64,      DType::String,
        DType::Bool,           DType::Float16,    DType::Float64,
        DType::UInt32,         DType::UInt64,     DType::Complex64,
        DType::Complex128,     DType::BFloat16,   DType::Float8E4M3FN,
        DType::Float8E4M3FNUZ, DType::Float8E5M2, DType::Float8E5M2FNUZ,
        DType::UInt4,          DType::Int4,       DType::Float4E2M1,
        DType::Float8E8M0,     DType::UInt2,      DType::Int2};
    if (dataType < 0 || dataType >= static_cast<std::int64_t>(kTypes.size())) {
        return DType::Undefined;
    }
    return kTypes[static_cast<std::size_t>(dataType)];
}

} // namespace syncpoint
