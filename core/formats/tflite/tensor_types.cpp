#include "core/formats/tflite/tensor_types.h"

#include <array>

namespace syncpoint {

DType dtypeOfTflite(std::int64_t tensorType)
{
    // In the order of the numbers; 13 and 14 are resources and variants.
    static constexpr std::array kTypes{
        DType::Float32, DType::Float16,      DType::Int32,     DType::UInt8,     DType::Int64,
        DType::String,  DType::Bool,         DType::Int16,     DType::Complex64, DType::Int8,
        DType::Float64, DType::Complex128,   DType::UInt64,    DType::Undefined, DType::Undefined,
        DType::UInt32,  DType::UInt16,       DType::Int4,      DType::BFloat16,  DType::Int2,
        DType::UInt4,   DType::Float8E4M3FN, DType::Float8E5M2};
    return tensorType >= 0 && tensorType < static_cast<std::int64_t>(kTypes.size())
               ? kTypes[static_cast<std::size_t>(tensorType)]
               : DType::Undefined;
}

} // namespace syncpoint
