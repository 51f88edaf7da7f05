#include "core/tensor/dtype.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace syncpoint {
namespace {

struct Description
{
    DType dtype;
    std::string_view name;
    std::size_t bits;
};

constexpr std::array kDescriptions{
    Description{DType::Undefined, "undefined", 0},
    Description{DType::Float64, "float64", 64},
    Description{DType::Float32, "float32", 32},
    Description{DType::Float16, "float16", 16},
    Description{DType::BFloat16, "bfloat16", 16},
    Description{DType::Float8E4M3FN, "float8_e4m3fn", 8},
    Description{DType::Float8E4M3FNUZ, "float8_e4m3fnuz", 8},
    Description{DType::Float8E5M2, "float8_e5m2", 8},
    Description{DType::Float8E5M2FNUZ, "float8_e5m2fnuz", 8},
    Description{DType::Float8E8M0, "float8_e8m0", 8},
    Description{DType::Float4E2M1, "float4_e2m1", 4},
    Description{DType::Int64, "int64", 64},
    Description{DType::Int32, "int32", 32},
    Description{DType::Int16, "int16", 16},
    Description{DType::Int8, "int8", 8},
    Description{DType::Int4, "int4", 4},
    Description{DType::Int2, "int2", 2},
    Description{DType::UInt64, "uint64", 64},
    Description{DType::UInt32, "uint32", 32},
    Description{DType::UInt16, "uint16", 16},
    Description{DType::UInt8, "uint8", 8},
    Description{DType::UInt6, "uint6", 6},
    Description{DType::UInt4, "uint4", 4},
    Description{DType::UInt3, "uint3", 3},
    Description{DType::UInt2, "uint2", 2},
    Description{DType::UInt1, "uint1", 1},
    Description{DType::Bool, "bool", 8},
    Description{DType::Complex64, "complex64", 64},
    Description{DType::Complex128, "complex128", 128},
    Description{DType::String, "string", 0},
};

struct Synonym
{
    std::string_view name;
    DType dtype;
};

constexpr std::array kSynonyms{
    Synonym{"double", DType::Float64},
    Synonym{"float", DType::Float32},
    Synonym{"single", DType::Float32},
    Synonym{"half", DType::Float16},
    Synonym{"fp64", DType::Float64},
    Synonym{"fp32", DType::Float32},
    Synonym{"fp16", DType::Float16},
    Synonym{"bf16", DType::BFloat16},
    Synonym{"float8e4m3fn", DType::Float8E4M3FN},
    Synonym{"float8e4m3fnuz", DType::Float8E4M3FNUZ},
    Synonym{"float8e5m2", DType::Float8E5M2},
    Synonym{"float8e5m2fnuz", DType::Float8E5M2FNUZ},
    Synonym{"float8e8m0", DType::Float8E8M0},
    Synonym{"float8_e8m0fnu", DType::Float8E8M0},
    Synonym{"float4e2m1", DType::Float4E2M1},
    Synonym{"float4_e2m1fn", DType::Float4E2M1},
    Synonym{"long", DType::Int64},
    Synonym{"int", DType::Int32},
    Synonym{"short", DType::Int16},
    Synonym{"byte", DType::UInt8},
    Synonym{"boolean", DType::Bool},
    Synonym{"str", DType::String},
};

const Description &describe(DType dtype)
{
    const auto index = static_cast<std::size_t>(dtype);
    return kDescriptions[index < kDescriptions.size() ? index : 0];
}

constexpr bool isInEnumOrder()
{
    for (std::size_t i = 0; i < kDescriptions.size(); ++i) {
        if (static_cast<std::size_t>(kDescriptions[i].dtype) != i) {
            return false;
        }
    }
    return static_cast<std::size_t>(DType::String) + 1 == kDescriptions.size();
}
static_assert(isInEnumOrder());

} // namespace

std::string_view dtypeName(DType dtype)
{
    return describe(dtype).name;
}

std::optional<DType> dtypeFromName(std::string_view name)
{
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const Description &description : kDescriptions) {
        if (description.name == lower && description.dtype != DType::Undefined) {
            return description.dtype;
        }
    }
    for (const Synonym &synonym : kSynonyms) {
        if (synonym.name == lower) {
            return synonym.dtype;
        }
    }
    return std::nullopt;
}

std::size_t bitWidth(DType dtype)
{
    return describe(dtype).bits;
}

bool isFloat(DType dtype)
{
    return dtype >= DType::Float64 && dtype <= DType::Float4E2M1;
}

bool isInteger(DType dtype)
{
    return dtype >= DType::Int64 && dtype <= DType::UInt1;
}

bool isNumeric(DType dtype)
{
    return isFloat(dtype) || isInteger(dtype) || dtype == DType::Bool;
}

std::optional<std::size_t> storageBytes(DType dtype, std::uint64_t elements)
{
    const std::uint64_t bits = bitWidth(dtype);
    std::uint64_t total = 0;
    if (bits == 0 || __builtin_mul_overflow(elements, bits, &total)) {
        return std::nullopt;
    }
    return total / 8 + (total % 8 != 0 ? 1 : 0);
}

} // namespace syncpoint
