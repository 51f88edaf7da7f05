#include "core/tensor/widen.h"
#include "core/tensor/packed_elements.h"

#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace syncpoint {
namespace {

/// Loads are unaligned: arrays of mapped files stand at any offset.
template <typename Stored>
Stored load(const std::byte *at)
{
    Stored value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

template <typename Stored, typename Out>
void convert(const std::byte *from, std::span<Out> out)
{
    if constexpr (std::is_same_v<Stored, Out>) {
        std::memcpy(out.data(), from, out.size_bytes());
    } else {
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = static_cast<Out>(load<Stored>(from + i * sizeof(Stored)));
        }
    }
}

/// binary16 → binary32 without branches, so that the loop vectorizes. Subnormals take the way
/// through an integer, because subnormal float operands are slow on many processors.
float fromHalf(std::uint16_t half)
{
    const std::uint32_t magnitude = half & 0x7FFFU;
    const std::uint32_t sign = (half & 0x8000U) << 16U;
    constexpr std::uint32_t kRebias = (127U - 15U) << 23U;
    const std::uint32_t special = magnitude >= 0x7C00U ? kRebias : 0U; // infinity and NaN
    const std::uint32_t normal = (magnitude << 13U) + kRebias + special;
    const float tiny = static_cast<float>(static_cast<std::int32_t>(magnitude)) * 0x1p-24F;
    const std::uint32_t isTiny = magnitude < 0x0400U ? ~0U : 0U;
    return std::bit_cast<float>(sign | (std::bit_cast<std::uint32_t>(tiny) & isTiny) |
                                (normal & ~isTiny));
}

float fromBFloat16(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

template <float (*Convert)(std::uint16_t), typename Out>
void convert16(const std::byte *from, std::span<Out> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = Out{Convert(load<std::uint16_t>(from + i * sizeof(std::uint16_t)))};
    }
}

/// A float of at most 8 bits: sign, exponent, mantissa.
struct MiniFloat
{
    int exponentBits;
    int mantissaBits;
    int bias;
    enum class Special { None, Ieee, AllOnesIsNan, NegativeZeroIsNan } special;
};

float fromMiniFloat(unsigned bits, const MiniFloat &format)
{
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    const unsigned mantissaMask = (1U << format.mantissaBits) - 1U;
    const unsigned exponentMask = (1U << format.exponentBits) - 1U;
    const unsigned mantissa = bits & mantissaMask;
    const unsigned exponent = (bits >> format.mantissaBits) & exponentMask;
    const bool negative = ((bits >> (format.mantissaBits + format.exponentBits)) & 1U) != 0;
    using Special = MiniFloat::Special;
    if (format.special == Special::NegativeZeroIsNan && negative && mantissa == 0 &&
        exponent == 0) {
        return kNan;
    }
    if (format.special == Special::Ieee && exponent == exponentMask) {
        const float infinity = std::numeric_limits<float>::infinity();
        return mantissa != 0 ? kNan : (negative ? -infinity : infinity);
    }
    if (format.special == Special::AllOnesIsNan && exponent == exponentMask &&
        mantissa == mantissaMask) {
        return kNan;
    }
    const unsigned significand = exponent == 0 ? mantissa : mantissa + mantissaMask + 1U;
    const int power =
        (exponent == 0 ? 1 : static_cast<int>(exponent)) - format.bias - format.mantissaBits;
    const float magnitude = std::ldexp(static_cast<float>(significand), power);
    return negative ? -magnitude : magnitude;
}

using ByteTable = std::array<float, 256>;

ByteTable tableOf(const MiniFloat &format)
{
    ByteTable table{};
    for (unsigned bits = 0; bits < table.size(); ++bits) {
        table[bits] = fromMiniFloat(bits, format);
    }
    return table;
}

ByteTable exponentTable() // E8M0: a power of two, no sign, no zero
{
    ByteTable table{};
    for (unsigned bits = 0; bits < table.size(); ++bits) {
        table[bits] = bits == 0xFFU ? std::numeric_limits<float>::quiet_NaN()
                                    : std::ldexp(1.0F, static_cast<int>(bits) - 127);
    }
    return table;
}

const ByteTable &tableFor(DType dtype)
{
    using Special = MiniFloat::Special;
    static const ByteTable e4m3fn = tableOf({4, 3, 7, Special::AllOnesIsNan});
    static const ByteTable e4m3fnuz = tableOf({4, 3, 8, Special::NegativeZeroIsNan});
    static const ByteTable e5m2 = tableOf({5, 2, 15, Special::Ieee});
    static const ByteTable e5m2fnuz = tableOf({5, 2, 16, Special::NegativeZeroIsNan});
    static const ByteTable e2m1 = tableOf({2, 1, 1, Special::None});
    static const ByteTable e8m0 = exponentTable();
    switch (dtype) {
    case DType::Float8E4M3FN:
        return e4m3fn;
    case DType::Float8E4M3FNUZ:
        return e4m3fnuz;
    case DType::Float8E5M2:
        return e5m2;
    case DType::Float8E5M2FNUZ:
        return e5m2fnuz;
    case DType::Float4E2M1:
        return e2m1;
    default:
        return e8m0;
    }
}

template <typename Out>
void lookUp(const std::byte *from, const ByteTable &table, std::span<Out> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = Out{table[std::to_integer<std::size_t>(from[i])]};
    }
}

/// Calls `store(i, bits)` for packed elements; the first element is in the low bits of its byte.
template <unsigned Width, typename Store>
void unpack(std::span<const std::byte> bytes, std::uint64_t first, std::size_t count, Store store)
{
    for (std::size_t i = 0; i < count; ++i) {
        store(i, packedElement(bytes.data(), first + i, Width));
    }
}

template <unsigned Width, bool Signed, typename Out>
void unpackIntegers(std::span<const std::byte> bytes, std::uint64_t first, std::span<Out> out)
{
    unpack<Width>(bytes, first, out.size(), [out](std::size_t i, unsigned bits) {
        constexpr unsigned kSignBit = 1U << (Width - 1U);
        const int value = static_cast<int>(bits);
        out[i] =
            static_cast<Out>(Signed && (bits & kSignBit) != 0 ? value - int{2 * kSignBit} : value);
    });
}

template <typename Out>
bool widenIntegers(std::span<const std::byte> bytes, DType dtype, std::uint64_t first,
                   std::span<Out> out)
{
    const std::byte *from = bytes.data() + first * bitWidth(dtype) / 8;
    switch (dtype) {
    case DType::Int64:
        return convert<std::int64_t>(from, out), true;
    case DType::Int32:
        return convert<std::int32_t>(from, out), true;
    case DType::Int16:
        return convert<std::int16_t>(from, out), true;
    case DType::Int8:
        return convert<std::int8_t>(from, out), true;
    case DType::UInt64:
        return convert<std::uint64_t>(from, out), true;
    case DType::UInt32:
        return convert<std::uint32_t>(from, out), true;
    case DType::UInt16:
        return convert<std::uint16_t>(from, out), true;
    case DType::UInt8:
        return convert<std::uint8_t>(from, out), true;
    case DType::Int4:
        return unpackIntegers<4, true>(bytes, first, out), true;
    case DType::UInt4:
        return unpackIntegers<4, false>(bytes, first, out), true;
    case DType::Int2:
        return unpackIntegers<2, true>(bytes, first, out), true;
    case DType::UInt2:
        return unpackIntegers<2, false>(bytes, first, out), true;
    case DType::UInt6:
        return unpackIntegers<6, false>(bytes, first, out), true;
    case DType::UInt3:
        return unpackIntegers<3, false>(bytes, first, out), true;
    case DType::UInt1:
        return unpackIntegers<1, false>(bytes, first, out), true;
    case DType::Bool:
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = from[i] != std::byte{0} ? Out{1} : Out{0};
        }
        return true;
    default:
        return false;
    }
}

template <typename Out>
void widenAny(std::span<const std::byte> bytes, DType dtype, std::uint64_t first,
              std::span<Out> out)
{
    if (out.empty() || widenIntegers(bytes, dtype, first, out)) {
        return;
    }
    const std::byte *from = bytes.data() + first * bitWidth(dtype) / 8;
    switch (dtype) {
    case DType::Float64:
        return convert<double>(from, out);
    case DType::Float32:
        return convert<float>(from, out);
    case DType::Float16:
        return convert16<fromHalf>(from, out);
    case DType::BFloat16:
        return convert16<fromBFloat16>(from, out);
    case DType::Float4E2M1: {
        const ByteTable &table = tableFor(dtype);
        return unpack<4>(bytes, first, out.size(), [out, &table](std::size_t i, unsigned bits) {
            out[i] = Out{table[bits]};
        });
    }
    case DType::Float8E4M3FN:
    case DType::Float8E4M3FNUZ:
    case DType::Float8E5M2:
    case DType::Float8E5M2FNUZ:
    case DType::Float8E8M0:
        return lookUp(from, tableFor(dtype), out);
    default:
        assert(!"widen() of a type that is not numeric");
    }
}

} // namespace

void widen(std::span<const std::byte> bytes, DType dtype, std::uint64_t first, std::span<float> out)
{
    widenAny(bytes, dtype, first, out);
}

void widen(std::span<const std::byte> bytes, DType dtype, std::uint64_t first,
           std::span<double> out)
{
    widenAny(bytes, dtype, first, out);
}

void widen(std::span<const std::byte> bytes, DType dtype, std::uint64_t first,
           std::span<std::int64_t> out)
{
    if (!out.empty() && !widenIntegers(bytes, dtype, first, out)) {
        assert(!"widen() of a type that is not an integer");
    }
}

} // namespace syncpoint
