#pragma once
#include "viewers/tensor/plane.h"

#include <numeric>
#include <vector>

namespace syncpoint {

/// 0, 1, 2 … as the numbers of a tensor.
inline std::vector<float> counting(std::size_t count)
{
    std::vector<float> values(count);
    std::iota(values.begin(), values.end(), 0.0F);
    return values;
}

/// A plane of its own numbers, row by row.
inline Plane planeOf(std::size_t rows, std::size_t columns, std::vector<float> values)
{
    Plane plane;
    plane.rows = rows;
    plane.columns = columns;
    plane.own(std::move(values));
    plane.rowStride = columns;
    plane.columnStride = 1;
    return plane;
}

} // namespace syncpoint
