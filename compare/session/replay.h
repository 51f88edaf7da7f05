#pragma once
#include "compare/attribute/replay_attribution.h"
#include "compare/session/compare_models.h"

#include <filesystem>

namespace syncpoint {

/// Why the baseline's ops cannot be replayed at all, in words; "" when they can: an ONNX model and
/// the runner must be there.
std::string replayObstacle(const ComparisonResult &result, const CompareEnvironment &environment);

/// Replays every compared op of the baseline on the candidate's own inputs, over all samples: all
/// regions in as few sessions of syncpoint-runner as memory allows, and those with weights a second
/// time with the candidate's. Parallel to `result.alignment.points`. What goes wrong is a
/// diagnostic and leaves points with an obstacle; fails only on cancel.
Result<std::vector<ReplayedPoint>> replayBaseline(const ComparisonResult &result,
                                                  const CompareEnvironment &environment,
                                                  Diagnostics &diagnostics, const JobContext &job);

} // namespace syncpoint
