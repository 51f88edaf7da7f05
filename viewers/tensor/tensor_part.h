#pragma once
#include "core/tensor/shape.h"

#include <cstdint>

namespace syncpoint {

/// A run of slices of a tensor that is too large to be shown at once.
struct TensorPart
{
    Shape shape;             ///< as many axes as the whole
    Shape origin;            ///< index of its first element in the whole
    std::uint64_t first = 0; ///< that element's place, row-major
    std::size_t count = 1;   ///< how many parts there are
    std::size_t index = 0;   ///< which one this is
    std::uint64_t elements() const { return elementCount(shape).value_or(0); }
    bool isWhole() const { return count == 1; }
};

/// Part `index` (the last one when there are fewer) of those with at most `most` elements, or of
/// one innermost row where that is more. Their elements are neighbours in memory.
TensorPart partOf(const Shape &shape, std::size_t index, std::uint64_t most);

} // namespace syncpoint
