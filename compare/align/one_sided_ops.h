#pragma once
#include "compare/align/pairing.h"

#include <string>
#include <vector>

namespace syncpoint {

/// What alignment left over on both sides, by class: values that an op computes, neither paired nor
/// absorbed nor in a branch that the other model lacks.
struct OpenValues
{
    std::vector<bool> reference;
    std::vector<bool> candidate;
};

/// Why the other model provably has no counterpart of an open value; by class, "" where it is not
/// proven. `isReference` names the side. Proven is
/// - a value made from a paired one when all that read it are paired ops whose counterparts read
///   the paired one's counterpart in the same place;
/// - an output of the graph made from one paired value alone that the other model hands out itself;
/// - what only such values are made from.
/// Never when an open op of the other side could be the counterpart, which may have been moved, or
/// when the op is like the one before or after it: either may be the new one.
/// Linear in the graph's size.
std::vector<std::string> oneSidedValues(const Pairing &pairing, bool isReference,
                                        const OpenValues &open);

} // namespace syncpoint
