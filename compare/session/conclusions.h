#pragma once
#include "compare/session/comparison_result.h"

namespace syncpoint {

/// Fills outputs, coverage, attribution, divergence and modules from the measured points.
void drawConclusions(ComparisonResult &result);

} // namespace syncpoint
