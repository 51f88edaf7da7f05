#pragma once
#include "compare/session/comparison_result.h"
#include "core/base/result.h"

#include <string>
#include <vector>

namespace syncpoint {

/// "psnr=30": a metric and the value it must reach (for errors: must not exceed).
struct MetricLimit
{
    std::string metric;
    double value = 0.0;
};

/// Fails (BadInput) for an unknown metric or text that is no number.
Result<std::vector<MetricLimit>> parseLimits(const std::vector<std::string> &texts,
                                             std::string_view option);

/// A score that limits are held against.
struct JudgedScore
{
    SyncPointId point;
    const PointResult *score = nullptr;
};

/// One sentence per violated limit, naming how many of `scores` and the worst of them. Exact pairs
/// keep every limit; pairs with a mismatch that the metric cannot express violate it.
std::vector<std::string> violations(const ComparisonResult &result,
                                    const std::vector<JudgedScore> &scores,
                                    const std::vector<MetricLimit> &limits);

} // namespace syncpoint
