#pragma once
#include "core/graph/graph.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace syncpoint {

/// The permutation of a Transpose, out.shape[i] = in.shape[axes[i]]: the axes listed ("perm" of
/// ONNX, "dims" of ATen), two swapped ones (ATen's "dim0" and "dim1"), else all reversed as ONNX
/// defines. The last two need the rank of the input. Nothing when it is not known.
std::optional<std::vector<std::size_t>> permutationOf(const Graph &graph, const Node &node);

} // namespace syncpoint
