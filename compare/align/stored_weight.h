#pragma once
#include "core/graph/graph.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace syncpoint {

/// Where a constant lies in a stored tensor.
struct StoredWeight
{
    ValueId value;
    Shape shape;
    std::vector<std::int64_t> strides;
};

/// Follows an operand back to stored data through Cast, DequantizeLinear, Transpose and Reshape;
/// nothing when an op on the way computes, or for indices, shapes and flags.
std::optional<StoredWeight> storedWeight(const Graph &graph, ValueId operand);

/// Strides in elements of a dense tensor.
std::vector<std::int64_t> rowMajor(const Shape &shape);

/// The i-th is the axes[i]-th of `values`.
template <typename T>
std::vector<T> reordered(const std::vector<T> &values, std::span<const std::size_t> axes)
{
    std::vector<T> result;
    for (const std::size_t axis : axes) {
        result.push_back(values[axis]);
    }
    return result;
}

} // namespace syncpoint
