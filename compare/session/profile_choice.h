#pragma once
#include "compare/metric/severity.h"
#include "compare/session/comparison_result.h"

namespace syncpoint {

/// The coarsest number format that a model computes or stores weights in.
enum class Precision { Float, Half, Int8, Int4 };
Precision precisionOf(const Graph &graph);

/// The thresholds of the session: its custom profile, the named one, or for "auto" the one that the
/// two models' number formats and engines call for (docs/metrics.md, "Severity").
Result<ThresholdProfile> chooseProfile(const SessionConfig &config, const ComparedSide &baseline,
                                       const ComparedSide &candidate);

} // namespace syncpoint
