#pragma once
#include "compare/session/comparison_result.h"
#include "core/base/job_context.h"
#include "core/base/result.h"

#include <memory>

namespace syncpoint {

/// One model or dump alone, as a result without candidate: `candidate.graph` is empty, nothing is
/// aligned, and the modules carry only their parameters. Fails on unreadable files and on cancel.
Result<std::shared_ptr<const ComparisonResult>> inspectModel(const SessionConfig &config,
                                                             const JobContext &job);

/// False for what inspectModel() made.
bool hasCandidate(const ComparisonResult &result);

} // namespace syncpoint
