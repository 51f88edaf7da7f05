#pragma once
#include "compare/session/compare_models.h"

namespace syncpoint {

/// Fills outputs, coverage, attribution, divergence and modules from the measured points, replaying
/// ops as the config asks for. Fails only on cancel.
Result<void> drawConclusions(ComparisonResult &result, const CompareEnvironment &environment,
                             const JobContext &job);

} // namespace syncpoint
