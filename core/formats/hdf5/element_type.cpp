#include "core/formats/hdf5/element_type.h"

#include <cstring>
#include <string>

namespace syncpoint::hdf5 {
namespace {

Handle copyOf(hid_t type)
{
    return {H5Tcopy(type), H5Tclose};
}

ElementType made(DType dtype, Handle memory, hid_t fileType)
{
    ElementType type;
    type.dtype = dtype;
    type.sameInFile = H5Tequal(memory.get(), fileType) > 0;
    type.memory = std::move(memory);
    return type;
}

std::optional<ElementType> integerType(hid_t fileType)
{
    const bool isSigned = H5Tget_sign(fileType) != H5T_SGN_NONE;
    switch (H5Tget_size(fileType)) {
    case 1:
        return isSigned ? made(DType::Int8, copyOf(H5T_STD_I8LE), fileType)
                        : made(DType::UInt8, copyOf(H5T_STD_U8LE), fileType);
    case 2:
        return isSigned ? made(DType::Int16, copyOf(H5T_STD_I16LE), fileType)
                        : made(DType::UInt16, copyOf(H5T_STD_U16LE), fileType);
    case 4:
        return isSigned ? made(DType::Int32, copyOf(H5T_STD_I32LE), fileType)
                        : made(DType::UInt32, copyOf(H5T_STD_U32LE), fileType);
    case 8:
        return isSigned ? made(DType::Int64, copyOf(H5T_STD_I64LE), fileType)
                        : made(DType::UInt64, copyOf(H5T_STD_U64LE), fileType);
    default:
        return std::nullopt;
    }
}

struct FloatLayout
{
    std::size_t size, exponentBits, mantissaBits, bias;
    bool operator==(const FloatLayout &) const = default;
};

constexpr FloatLayout kHalf{2, 5, 10, 15};
constexpr FloatLayout kBFloat16{2, 8, 7, 127};
constexpr FloatLayout kE4M3{1, 4, 3, 7};
constexpr FloatLayout kE5M2{1, 5, 2, 15};

std::optional<ElementType> floatType(hid_t fileType)
{
    if (H5Tequal(fileType, H5T_IEEE_F32LE) > 0 || H5Tequal(fileType, H5T_IEEE_F32BE) > 0) {
        return made(DType::Float32, copyOf(H5T_IEEE_F32LE), fileType);
    }
    std::size_t signAt = 0, exponentAt = 0, exponentBits = 0, mantissaAt = 0, mantissaBits = 0;
    if (H5Tget_fields(fileType, &signAt, &exponentAt, &exponentBits, &mantissaAt, &mantissaBits) <
        0) {
        return std::nullopt;
    }
    const FloatLayout layout{H5Tget_size(fileType), exponentBits, mantissaBits,
                             H5Tget_ebias(fileType)};
    const bool isUsual =
        mantissaAt == 0 && exponentAt == mantissaBits && signAt == mantissaBits + exponentBits;
    if (isUsual && layout.size == 1 && (layout == kE4M3 || layout == kE5M2)) {
        const DType dtype = layout == kE4M3 ? DType::Float8E4M3FN : DType::Float8E5M2;
        ElementType type = made(dtype, copyOf(fileType), fileType);
        return type;
    }
    if (isUsual && (layout == kHalf || layout == kBFloat16)) {
        Handle memory = copyOf(fileType);
        if (H5Tset_order(memory.get(), H5T_ORDER_LE) < 0) {
            return std::nullopt;
        }
        return made(layout == kHalf ? DType::Float16 : DType::BFloat16, std::move(memory),
                    fileType);
    }
    return made(DType::Float64, copyOf(H5T_IEEE_F64LE), fileType); // long double and oddities
}

std::optional<ElementType> enumType(hid_t fileType)
{
    const Handle base{H5Tget_super(fileType), H5Tclose};
    auto type = base ? integerType(base.get()) : std::nullopt;
    if (!type) {
        return std::nullopt;
    }
    std::int64_t unused = 0; // room for a member of any integer type
    const bool isBool = type->dtype == DType::Int8 && H5Tget_nmembers(fileType) == 2 &&
                        H5Tenum_valueof(fileType, "FALSE", &unused) >= 0 &&
                        H5Tenum_valueof(fileType, "TRUE", &unused) >= 0;
    if (type->sameInFile) {
        type->memory = copyOf(fileType); // enumerations convert only among themselves
    }
    if (isBool) {
        type->dtype = DType::Bool;
    }
    return type->sameInFile ? std::move(type) : std::nullopt;
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
    for (const auto &[dtype, part, size] :
         {std::tuple{DType::Complex64, H5T_IEEE_F32LE, std::size_t{4}},
          std::tuple{DType::Complex128, H5T_IEEE_F64LE, std::size_t{8}}}) {
        Handle type = complexType(part, size);
        if (type && H5Tequal(type.get(), fileType) > 0) {
            return made(dtype, std::move(type), fileType);
        }
    }
    return std::nullopt;
}

std::optional<ElementType> stringType(hid_t fileType)
{
    ElementType type;
    type.dtype = DType::String;
    type.variableLength = H5Tis_variable_str(fileType) > 0;
    type.memory = copyOf(fileType);
    return type.memory ? std::optional(std::move(type)) : std::nullopt;
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
        return stringType(fileType);
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
