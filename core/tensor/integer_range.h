#pragma once
#include "core/tensor/dtype.h"

namespace syncpoint {

/// The numbers an integer type holds.
struct IntegerRange
{
    std::int64_t least = 0, most = 0;
};

/// Nothing for types that are no integers and for those of 64 bits.
inline std::optional<IntegerRange> integerRange(DType dtype)
{
    const std::size_t bits = bitWidth(dtype);
    if (!isInteger(dtype) || bits > 32) {
        return std::nullopt;
    }
    const bool isSigned = dtype < DType::UInt64;
    const std::int64_t codes = std::int64_t{1} << bits;
    const std::int64_t least = isSigned ? -codes / 2 : 0;
    return IntegerRange{least, least + codes - 1};
}

} // namespace syncpoint
