#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace syncpoint {

/// Element types of every format we read. Packed types (fewer than 8 bits) are little-endian within
/// the byte: the first element is in the low bits; elements of 3 and 6 bits cross bytes.
enum class DType : std::uint8_t {
    Undefined,
    Float64,
    Float32,
    Float16,
    BFloat16,
    Float8E4M3FN,
    Float8E4M3FNUZ,
    Float8E5M2,
    Float8E5M2FNUZ,
    Float8E8M0,
    Float4E2M1,
    Int64,
    Int32,
    Int16,
    Int8,
    Int4,
    Int2,
    UInt64,
    UInt32,
    UInt16,
    UInt8,
    UInt6,
    UInt4,
    UInt3,
    UInt2,
    UInt1,
    Bool,
    Complex64,
    Complex128,
    String,
};

/// Lower-case name as dumps and reports write it: "float32", "float8_e4m3fn", "int4", "bool".
std::string_view dtypeName(DType dtype);
/// Inverse of dtypeName(); also takes "half", "double" and the like. Nothing for unknown names.
std::optional<DType> dtypeFromName(std::string_view name);

/// Bits of one element as stored; 0 for String and Undefined.
std::size_t bitWidth(DType dtype);
bool isFloat(DType dtype);   ///< every floating-point type, real numbers only
bool isInteger(DType dtype); ///< signed or unsigned, not Bool
bool isNumeric(DType dtype); ///< can be decoded to real numbers: floats, integers, Bool

/// Bytes that `elements` elements take, the last byte padded; nothing on overflow or String.
std::optional<std::size_t> storageBytes(DType dtype, std::uint64_t elements);

} // namespace syncpoint
