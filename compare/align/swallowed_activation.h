#pragma once
#include "compare/align/pairing.h"

#include <optional>

namespace syncpoint {

/// The result of the op that follows `r` on the baseline only, when `c` already holds its numbers:
/// a Relu or Clip that the candidate's integer range makes needless because it starts at zero.
std::optional<ValueClassId> swallowedActivation(const Pairing &pairing, ValueClassId r,
                                                ValueClassId c);

/// The same for the side `here` of either model, and for a batch normalisation that was folded into
/// the convolution or product that makes `twin` as well. Only a kept name can tell the latter:
/// without one, the values before and after it look alike.
std::optional<ValueClassId> swallowedOp(const GraphSide &here, ValueClassId id,
                                        const GraphSide &there, ValueClassId twin);

} // namespace syncpoint
