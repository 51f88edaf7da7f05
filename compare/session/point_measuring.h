#pragma once
#include "compare/session/comparison_result.h"
#include "core/base/job_context.h"

#include <vector>

namespace syncpoint {

/// Fills `result.points` for `result.alignment`: status, scores over all samples and per sample,
/// worst channel, severity, latency and placement. Points are measured side by side; the outcome
/// does not depend on the number of threads. Fails only on cancel.
Result<void> measurePoints(ComparisonResult &result, const JobContext &job);
/// These points again, whose transforms have changed.
Result<void> measurePoints(ComparisonResult &result, const std::vector<SyncPointId> &which,
                           const JobContext &job);

} // namespace syncpoint
