#pragma once
#include "compare/align/pairing.h"

#include <cstdint>

namespace syncpoint {

/// Elements of the constant behind an operand, if it holds weights rather than indices or shapes; 0
/// otherwise.
std::uint64_t constantElements(const GraphSide &side, ValueId operand);

/// Elements of the op's largest constant operand, its weight; 0 without one. Single numbers,
/// indices and shapes do not count.
std::uint64_t weightElements(const GraphSide &side, NodeId id);

/// Whether two ops compute the same from the same operands, as far as the ops themselves tell: one
/// family, or two that are written for each other (Relu and Clip from 0, a factor and its divisor);
/// weights and single numbers that do not contradict each other.
bool opsFit(const Pairing &pairing, NodeId r, NodeId c);

/// Whether the small constants the ops read (indices, scalars, bounds) are there and equal: tells
/// twins such as the slices of one value apart.
bool sameSmallConstants(const Pairing &pairing, NodeId r, NodeId c);

} // namespace syncpoint
