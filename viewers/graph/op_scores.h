#pragma once
#include "compare/session/comparison_result.h"
#include "ui/session/selection.h"

#include <optional>
#include <vector>

namespace syncpoint {

/// What the comparison says of one op of one side.
struct OpScore
{
    enum class Match : std::uint8_t {
        None,      ///< no comparison
        Matched,   ///< its result is part of a sync point
        Absorbed,  ///< fused away on the other side
        OneSided,  ///< the other model provably has no such op
        Unmatched, ///< no counterpart
        Excluded,  ///< constants and shapes: nothing to compare
    };
    Match match = Match::None;
    SyncPointId point;                ///< the one that speaks for it; may be invalid
    std::optional<Severity> severity; ///< when its tensors were compared
    std::optional<double> value;      ///< headline metric
    double position = 0.0;            ///< on the colour ramp: 0 worst … 1 best
    double introduced = 0.0;          ///< PointAttribution::introducedOrDelta(), NSR units
    bool isExact = false;
    bool isNonfinite = false;
    bool isSource = false; ///< bad although everything before it is ok
};

/// Index = NodeId of that side.
std::vector<OpScore> scoreOps(const Graph &graph, Side side, const ComparisonResult &result);

/// Where a score stands on the colour ramp: each severity has a fifth of its own, so that a colour
/// never looks like the neighbouring severity; within it by distance from the limits.
double rampPosition(Severity severity, std::optional<double> value,
                    const ThresholdProfile &profile);

} // namespace syncpoint
