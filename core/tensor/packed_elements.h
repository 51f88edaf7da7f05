#pragma once
#include <cstddef>
#include <cstdint>

namespace syncpoint {

/// Element `index` of a packed type of `bits` < 8 bits: the first is in the low bits of the first
/// byte; 3 and 6 bits cross bytes.
inline unsigned packedElement(const std::byte *bytes, std::uint64_t index, std::size_t bits)
{
    const std::uint64_t at = index * bits / 8;
    const auto shift = static_cast<unsigned>(index * bits % 8);
    unsigned word = std::to_integer<unsigned>(bytes[at]);
    if (shift + bits > 8) {
        word |= std::to_integer<unsigned>(bytes[at + 1]) << 8U;
    }
    return (word >> shift) & ((1U << bits) - 1U);
}

/// Writes an element whose bits are still zero.
inline void addPackedElement(std::byte *bytes, std::uint64_t index, std::size_t bits,
                             unsigned element)
{
    const std::uint64_t at = index * bits / 8;
    const auto shift = static_cast<unsigned>(index * bits % 8);
    bytes[at] |= static_cast<std::byte>(element << shift);
    if (shift + bits > 8) {
        bytes[at + 1] |= static_cast<std::byte>(element >> (8U - shift));
    }
}

} // namespace syncpoint
