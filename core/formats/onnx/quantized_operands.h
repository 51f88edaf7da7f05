#pragma once
#include "core/graph/graph.h"

#include <optional>
#include <vector>

namespace syncpoint {

/// One quantized tensor of an op and the slots of its parameters.
struct QuantizedOperand
{
    ValueId tensor;
    ValueId scale;
    ValueId zeroPoint; ///< invalid: 0
    /// Axis of per-channel scales, counted from the end when negative.
    std::int64_t axis = 1;
    std::uint64_t blockSize = 0;
    /// For int32 biases, whose scale is the product of both.
    ValueId secondScale = {};
};

/// The quantized tensors of an op; empty for ops that have none.
std::vector<QuantizedOperand> quantizedOperands(const Node &node);

/// True when every output holds elements of input 0, so that quantization parameters stay valid.
bool onlyMovesData(const Node &node);

} // namespace syncpoint
