#pragma once
#include "compare/session/comparison_result.h"
#include "core/base/job_context.h"

namespace syncpoint {

/// Fills `result.outputScores` for `result.outputs`: from the runs without taps where both sides
/// have them for every sample, else the point's own scores. Where a side's captured output differs
/// from its plain one, a diagnostic says by how much. Fails only on cancel.
Result<void> measureOutputs(ComparisonResult &result, const JobContext &job);

} // namespace syncpoint
