#pragma once
#include "core/tensor/shape.h"

#include <optional>
#include <span>
#include <vector>

namespace syncpoint {

/// Reals in row-major order.
struct NumberGrid
{
    Shape shape;
    std::vector<float> numbers; ///< as many as the shape has elements
};

/// Whether some order of `other`'s axes has the extents of `own`.
bool canOrderAxes(std::span<const std::int64_t> own, std::span<const std::int64_t> other);
/// Whether more than one order of `other`'s axes has the extents of `own`, so that shapes alone do
/// not tell which is meant. Axes of extent 1 do not count.
bool isAxisOrderOpen(std::span<const std::int64_t> own, std::span<const std::int64_t> other);

/// The order of `other`'s axes in which its numbers are those of `own`: own axis i is other's axis
/// result[i]. Only orders that map the extents are tried; the sums along each axis sort them, and
/// the correlation of all numbers must be above .9 and clearly better than in the next order.
/// Nothing when no order or more than one explains the numbers.
std::optional<std::vector<std::size_t>> axisOrderOf(const NumberGrid &own, const NumberGrid &other);

} // namespace syncpoint
