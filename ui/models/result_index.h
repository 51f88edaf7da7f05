#pragma once
#include "compare/session/comparison_result.h"
#include "ui/session/selection.h"

#include <optional>
#include <vector>

namespace syncpoint {

/// Which sync point speaks for an op: its own, else the one at the exit of the region it was fused
/// into. Made once per result.
class ResultIndex
{
public:
    explicit ResultIndex(const ComparisonResult &result);

    /// Invalid when the op has none.
    SyncPointId point(Side side, NodeId node) const;
    /// Sum of what all points introduced; 0 when nothing is attributed.
    double totalIntroduced() const { return m_totalIntroduced; }

private:
    std::vector<SyncPointId> m_baseline;
    std::vector<SyncPointId> m_candidate;
    double m_totalIntroduced = 0.0;
};

const ComparedSide &sideOf(const ComparisonResult &result, Side side);
/// What to put on the selection bus for a sync point: its op on the baseline.
Selection::Item itemForPoint(const ComparisonResult &result, SyncPointId point);
/// The same for an op, with the point that speaks for it.
Selection::Item itemForNode(const ComparisonResult &result, const ResultIndex &index, Side side,
                            NodeId node);
/// The op of that side that belongs to the selection; invalid when there is none.
NodeId nodeOnSide(const ComparisonResult &result, const Selection::Item &item, Side side);

} // namespace syncpoint
