#pragma once
#include "compare/align/pairing.h"

#include <optional>

namespace syncpoint {

/// The result of the op that follows `r` on the baseline only, when `c` already holds its numbers:
/// a Relu or Clip that the candidate's integer range makes needless because it starts at zero.
std::optional<ValueClassId> swallowedActivation(const Pairing &pairing, ValueClassId r,
                                                ValueClassId c);

/// The same for a batch normalisation that was folded into the op before it. Only a kept name can
/// tell: without one, the values before and after it look alike.
std::optional<ValueClassId> swallowedNorm(const Pairing &pairing, ValueClassId r, ValueClassId c);

} // namespace syncpoint
