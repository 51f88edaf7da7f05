#pragma once
#include "compare/session/comparison_result.h"

#include <string>

namespace syncpoint {

/// What `compare` prints for people: coverage, outputs, where the error starts, the worst points,
/// the modules.
std::string compareSummary(const ComparisonResult &result);

} // namespace syncpoint
