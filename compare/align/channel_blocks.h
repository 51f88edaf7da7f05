#pragma once
#include "core/base/result.h"
#include "core/graph/graph.h"
#include "core/tensor/tensor.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace syncpoint {

/// ONNX Runtime's NCHWc layout, which neither names nor shapes show: channels are kept in blocks
/// and padded with zeros to whole ones. Tensors lie as N × C/b × H × W × b, filters as O/b × I/b ×
/// H × W × b(in) × b(out), or O/b × I × H × W × b(out) when I < b. The block is as wide as the
/// registers of the machine that made the model.
constexpr std::array<std::size_t, 2> kChannelBlocks{16, 8};

/// Whether the op computes in that layout: its results are in blocks, but for ReorderOutput's.
bool worksInChannelBlocks(const Node &node);

/// A filter as O × I × H × W without its padding; nothing when it cannot have such blocks.
std::optional<Tensor> filterWithoutBlocks(const Tensor &stored, std::size_t block);

/// The first `channels` channels of a float tensor as N × C × H × W.
Result<Tensor> withoutChannelBlocks(const Tensor &stored, std::size_t block, std::int64_t channels);

} // namespace syncpoint
