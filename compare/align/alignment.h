#pragma once
#include "compare/align/sync_point.h"
#include "core/base/diagnostic.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// What alignment decided about one value; comparing refines Paired (see PointStatus).
enum class ValueStatus : std::uint8_t {
    Paired,    ///< belongs to a sync point
    Absorbed,  ///< inside a fused region whose exit is a sync point
    Excluded,  ///< constants, shape arithmetic, branches that never run: nothing to compare
    OneSided,  ///< the other model provably has no such op: inserted here or left out there
    Unmatched, ///< see reason
};

struct ValueOutcome
{
    ValueStatus status = ValueStatus::Unmatched;
    SyncPointId point;  ///< for Paired: the point; for Absorbed: the point at the region's exit
    std::string reason; ///< for all others, in words a user understands

    /// Data that is in no sync point; the reason says why.
    bool lacksCounterpart() const
    {
        return status == ValueStatus::OneSided || status == ValueStatus::Unmatched;
    }
};

/// Both graphs in one frame. Vectors are indexed by ValueId of that side.
struct Alignment
{
    std::vector<SyncPoint> points; ///< in execution order of the baseline
    std::vector<ValueOutcome> reference;
    std::vector<ValueOutcome> candidate;
    std::uint32_t reachabilityViolations = 0; ///< weaker points dropped for contradicting the order
    Diagnostics diagnostics;

    const SyncPoint &point(SyncPointId id) const { return points[id.index()]; }
};

} // namespace syncpoint
