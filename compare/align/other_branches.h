#pragma once
#include "compare/align/pairing.h"

#include <vector>

namespace syncpoint {

/// By scope: whether it is, or lies in, a branch of an If in which nothing is paired while a
/// sibling branch is paired with the other model: that model has the sibling only. `isReference`
/// names the side.
std::vector<bool> otherBranches(const Pairing &pairing, bool isReference);

} // namespace syncpoint
