#pragma once
#include "compare/align/graph_side.h"

#include <string_view>
#include <utility>
#include <vector>

namespace syncpoint {

/// What a value after a linear op (Conv, Gemm, MatMul with a weight) already includes.
struct ChainStep
{
    ValueClassId value;
    bool isUnscaled = false; ///< an integer product before it is multiplied by the scales
    bool hasBias = false;
    bool isNormalized = false; ///< batch normalisation, or a scale per channel
    bool isBatchNormalized = false;
    bool hasSum = false;         ///< another value was added (residual)
    std::string_view activation; ///< family name; "" for none
};

/// The values from the op's own result through bias, normalisation, residual sum and activation, as
/// long as each is read by the next op alone: what a converter may fuse into the op. First step
/// first; a fused op starts with what it contains. `id` makes exactly one value.
std::vector<ChainStep> linearChain(const GraphSide &side, NodeId id);

/// MatMulInteger and ConvInteger: the numbers are only there once the scales are multiplied in.
bool isIntegerProduct(const Node &node);

/// Convolutions and matrix products.
bool isLinear(const OpFamily *family);

/// Whether a normalisation or scale was folded into a weight: its channels have other lengths.
enum class Rescaling : std::uint8_t {
    No,
    Yes,
    Unknown, ///< integers whose scales are applied later, or no data
};

/// The values of two such chains that include the same, first ones first. What one side folded into
/// a rescaled weight counts as there; where that is unknown, a batch normalisation that the other
/// side lacks was folded.
std::vector<std::pair<ValueClassId, ValueClassId>> equalSteps(const GraphSide &reference, NodeId r,
                                                              const GraphSide &candidate, NodeId c,
                                                              Rescaling rescaling);

/// Whether the quantizer of a class puts zero at the lowest integer, so that its numbers cannot be
/// negative: a Relu that was there before needs no op of its own.
bool startsAtZero(const GraphSide &side, ValueClassId id);

/// Whether the op only adds one constant per output channel to its other operand.
bool isBiasAdd(const GraphSide &side, NodeId add, NodeId linear);

} // namespace syncpoint
