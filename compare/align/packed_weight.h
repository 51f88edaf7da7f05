#pragma once
#include "core/graph/graph.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <optional>

namespace syncpoint {

/// Elements of the K × N weight that ONNX Runtime's MatMulNBits keeps packed; nothing for other ops
/// and for attributes that make no sense.
std::optional<std::uint64_t> packedElements(const Node &node);

/// That weight dequantized, as K × N. Stored are N rows of blocks along K, `bits` per number,
/// lowest bits first, with a scale and a zero point per block. Nothing when parts are missing or
/// too small.
std::optional<Tensor> unpackedWeight(const Graph &graph, const Node &node);

} // namespace syncpoint
