#pragma once
#include "compare/align/pairing.h"

#include <optional>

namespace syncpoint {

/// How many inserted or removed ops lie between the operands of two ops of one family: every
/// operand of one must agree with an operand of the other once up to two unpaired ops of one
/// operand or residual blocks before each are skipped. 0 when all operands agree as they are;
/// nothing when some do not agree at all.
std::optional<std::size_t> skippedBefore(const Pairing &pairing, NodeId r, NodeId c);

/// The values that can be computed from a paired one alone through a few unpaired ops in a row,
/// itself first. `isReference` names the side.
std::vector<ValueClassId> reachable(const Pairing &pairing, bool isReference, ValueClassId from);

/// Whether what follows two values looks alike: a family of op in common among those that read one
/// directly and those that read the other, directly or through one more op; or both are outputs.
bool followsAlike(const Pairing &pairing, ValueClassId r, ValueClassId c);

} // namespace syncpoint
