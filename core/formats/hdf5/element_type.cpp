#include "core/formats/hdf5/element_type.h"

#include <array>
#include <cstdint>

namespace syncpoint::hdf5 {
namespace {

Handle copyOf(hid_t type)
{
    return {H5Tcopy(type), H5Tclose};
}

std::optional<ElementType> integerType(hid_t fileType)
{
    struct Known
    {
        hid_t type;
        ElementType meaning;
    };
    const std::array known{
        Known{H5T_STD_I8LE, {DType::Int8, false}},   Known{H5T_STD_U8LE, {DType::UInt8, false}},
        Known{H5T_STD_I16LE, {DType::Int16, false}}, Known{H5T_STD_U16LE, {DType::UInt16, false}},
        Known{H5T_STD_I32LE, {DType::Int32, false}}, Known{H5T_STD_U32LE, {DType::UInt32, false}},
        Known{H5T_STD_I64LE, {DType::Int64, false}}, Known{H5T_STD_U64LE, {DType::UInt64, false}},
        Known{H5T_STD_I8BE, {DType::Int8, false}},   Known{H5T_STD_U8BE, {DType::UInt8, false}},
        Known{H5T_STD_I16BE, {DType::Int16, true}},  Known{H5T_STD_U16BE, {DType::UInt16, true}},
        Known{H5T_STD_I32BE, {DType::Int32, true}},  Known{H5T_STD_U32BE, {DType::UInt32, true}},
        Known{H5T_STD_I64BE, {DType::Int64, true}},  Known{H5T_STD_U64BE, {DType::UInt64, true}},
    };
    for (const auto &[type, meaning] : known) {
        if (H5Tequal(fileType, type) > 0) {
            return meaning;
        }
    }
    return std::nullopt;
}

/// A floating-point format without its byte order.
struct FloatLayout
{
    DType dtype;
    std::size_t size, exponentBits, mantissaBits, bias;
};

constexpr std::array kFloats{
    FloatLayout{DType::Float64, 8, 11, 52, 1023}, FloatLayout{DType::Float32, 4, 8, 23, 127},
    FloatLayout{DType::Float16, 2, 5, 10, 15},    FloatLayout{DType::BFloat16, 2, 8, 7, 127},
    FloatLayout{DType::Float8E4M3FN, 1, 4, 3, 7}, FloatLayout{DType::Float8E5M2, 1, 5, 2, 15},
};

std::optional<ElementType> floatType(hid_t fileType)
{
    std::size_t signAt = 0, exponentAt = 0, exponentBits = 0, mantissaAt = 0, mantissaBits = 0;
    const H5T_order_t order = H5Tget_order(fileType);
    if (H5Tget_fields(fileType, &signAt, &exponentAt, &exponentBits, &mantissaAt, &mantissaBits) <
            0 ||
        (order != H5T_ORDER_LE && order != H5T_ORDER_BE) || H5Tget_offset(fileType) != 0) {
        return std::nullopt;
    }
    for (const FloatLayout &each : kFloats) {
        if (H5Tget_size(fileType) == each.size && exponentBits == each.exponentBits &&
            mantissaBits == each.mantissaBits && H5Tget_ebias(fileType) == each.bias &&
            mantissaAt == 0 && exponentAt == mantissaBits &&
            signAt == mantissaBits + exponentBits) {
            return ElementType{each.dtype, order == H5T_ORDER_BE && each.size > 1};
        }
    }
    return std::nullopt;
}

std::optional<ElementType> enumType(hid_t fileType)
{
    const Handle base{H5Tget_super(fileType), H5Tclose};
    auto type = base ? integerType(base.get()) : std::nullopt;
    std::int64_t unused = 0; // room for a member of any integer type
    if (type && type->dtype == DType::Int8 && H5Tget_nmembers(fileType) == 2 &&
        H5Tenum_valueof(fileType, "FALSE", &unused) >= 0 &&
        H5Tenum_valueof(fileType, "TRUE", &unused) >= 0) {
        type->dtype = DType::Bool;
    }
    return type;
}

Handle complexType(hid_t part, std::size_t partSize)
{
    Handle type{H5Tcreate(H5T_COMPOUND, 2 * partSize), H5Tclose};
    if (!type || H5Tinsert(type.get(), "r", 0, part) < 0 ||
        H5Tinsert(type.get(), "i", partSize, part) < 0) {
        return {};
    }
    return type;
}

std::optional<ElementType> compoundType(hid_t fileType)
{
    struct Part
    {
        hid_t type;
        std::size_t size;
        ElementType meaning;
    };
    for (const Part &part : {Part{H5T_IEEE_F32LE, 4, {DType::Complex64, false}},
                             Part{H5T_IEEE_F64LE, 8, {DType::Complex128, false}}}) {
        const Handle type = complexType(part.type, part.size);
        if (type && H5Tequal(type.get(), fileType) > 0) {
            return part.meaning;
        }
    }
    return std::nullopt;
}

Handle halfType()
{
    Handle type = copyOf(H5T_IEEE_F32LE);
    const bool done = type && H5Tset_fields(type.get(), 15, 10, 5, 0, 10) >= 0 &&
                      H5Tset_size(type.get(), 2) >= 0 && H5Tset_ebias(type.get(), 15) >= 0;
    return done ? std::move(type) : Handle{};
}

Handle boolType()
{
    Handle type{H5Tenum_create(H5T_STD_I8LE), H5Tclose};
    const std::int8_t no = 0;
    const std::int8_t yes = 1;
    const bool done = type && H5Tenum_insert(type.get(), "FALSE", &no) >= 0 &&
                      H5Tenum_insert(type.get(), "TRUE", &yes) >= 0;
    return done ? std::move(type) : Handle{};
}

Handle textType()
{
    Handle type = copyOf(H5T_C_S1);
    const bool done = type && H5Tset_size(type.get(), H5T_VARIABLE) >= 0 &&
                      H5Tset_cset(type.get(), H5T_CSET_UTF8) >= 0;
    return done ? std::move(type) : Handle{};
}

} // namespace

std::optional<ElementType> elementTypeOf(hid_t fileType)
{
    switch (H5Tget_class(fileType)) {
    case H5T_INTEGER:
        return integerType(fileType);
    case H5T_FLOAT:
        return floatType(fileType);
    case H5T_ENUM:
        return enumType(fileType);
    case H5T_COMPOUND:
        return compoundType(fileType);
    case H5T_STRING:
        return ElementType{DType::String, false};
    default:
        return std::nullopt;
    }
}

Handle storedTypeOf(DType dtype)
{
    switch (dtype) {
    case DType::Float64:
        return copyOf(H5T_IEEE_F64LE);
    case DType::Float32:
        return copyOf(H5T_IEEE_F32LE);
    case DType::Float16:
        return halfType();
    case DType::Int64:
        return copyOf(H5T_STD_I64LE);
    case DType::Int32:
        return copyOf(H5T_STD_I32LE);
    case DType::Int16:
        return copyOf(H5T_STD_I16LE);
    case DType::Int8:
    case DType::Int4:
    case DType::Int2:
        return copyOf(H5T_STD_I8LE);
    case DType::UInt64:
        return copyOf(H5T_STD_U64LE);
    case DType::UInt32:
        return copyOf(H5T_STD_U32LE);
    case DType::UInt16:
    case DType::BFloat16:
        return copyOf(H5T_STD_U16LE);
    case DType::Bool:
        return boolType();
    case DType::Complex64:
        return complexType(H5T_IEEE_F32LE, 4);
    case DType::Complex128:
        return complexType(H5T_IEEE_F64LE, 8);
    case DType::String:
        return textType();
    case DType::Undefined:
        return {};
    default: // 8-bit floats, uint8 and the unsigned packed types
        return copyOf(H5T_STD_U8LE);
    }
}

bool isStoredAsItself(DType dtype)
{
    const std::size_t bits = bitWidth(dtype);
    const bool isByteFloat = bits == 8 && isFloat(dtype);
    const bool isPacked = bits > 0 && bits < 8;
    return !isByteFloat && !isPacked && dtype != DType::BFloat16;
}

bool canHold(DType stored, DType logical)
{
    if (stored == logical) {
        return true;
    }
    const std::size_t bits = bitWidth(logical);
    if (stored == DType::Int8 || stored == DType::UInt8 || stored == DType::Bool) {
        return bits != 0 && bits <= 8;
    }
    const bool isBits = stored == DType::UInt16 || stored == DType::Int16;
    return isBits && bits == 16 && isFloat(logical);
}

} // namespace syncpoint::hdf5
