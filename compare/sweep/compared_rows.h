#pragma once
#include "compare/session/comparison_result.h"
#include "compare/sweep/sweep_overview.h"

namespace syncpoint {

/// A variant that was compared: quality is the headline score of the worst model output.
SweepRow comparedRow(const std::string &path, const ComparisonResult &result);
/// A variant that could not be compared.
SweepRow failedRow(const std::string &path, const Error &error);
/// The baseline itself; `result` is any comparison with it, or null.
SweepRow baselineRow(const std::string &path, const ComparisonResult *result);

} // namespace syncpoint
