#include "core/formats/onnx/onnx_types.h"

#include <algorithm>
#include <array>

namespace syncpoint {

namespace {
constexpr std::array<DType, 27> kTypes{
    DType::Undefined,      DType::Float32,    DType::UInt8,
    DType::Int8,           DType::UInt16,     DType::Int16,
    DType::Int32,          DType::Int64,      DType::String,
    DType::Bool,           DType::Float16,    DType::Float64,
    DType::UInt32,         DType::UInt64,     DType::Complex64,
    DType::Complex128,     DType::BFloat16,   DType::Float8E4M3FN,
    DType::Float8E4M3FNUZ, DType::Float8E5M2, DType::Float8E5M2FNUZ,
    DType::UInt4,          DType::Int4,       DType::Float4E2M1,
    DType::Float8E8M0,     DType::UInt2,      DType::Int2};
} // namespace

DType dtypeOfOnnx(std::int64_t dataType)
{
    if (dataType < 0 || dataType >= static_cast<std::int64_t>(kTypes.size())) {
        return DType::Undefined;
    }
    return kTypes[static_cast<std::size_t>(dataType)];
}

std::optional<std::int32_t> onnxTypeOf(DType dtype)
{
    const auto *found = std::find(kTypes.begin() + 1, kTypes.end(), dtype);
    return found == kTypes.end() ? std::nullopt
                                 : std::optional(static_cast<std::int32_t>(found - kTypes.begin()));
}

} // namespace syncpoint
