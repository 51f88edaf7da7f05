#pragma once
#include "compare/session/comparison_result.h"

#include <vector>

namespace syncpoint {

/// A set of modules that together cover the whole model without overlap, at most `most` of them:
/// the one that introduces the most error is opened first, so that detail is where the error is.
/// Sorted by introduced share, largest first. Modules without sync points are left out.
std::vector<const ModuleScore *> moduleFrontier(const ComparisonResult &result, std::size_t most);

} // namespace syncpoint
