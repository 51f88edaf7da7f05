#pragma once
#include "compare/align/alignment.h"
#include "core/graph/graph.h"

#include <functional>
#include <string>
#include <vector>

namespace syncpoint {

/// The piece of the baseline that makes one sync point's numbers: all ops between the nearest
/// sync points before it and its own value.
struct ReplayRegion
{
    std::string obstacle; ///< why it cannot be replayed, in words; "" when it can
    ValueId root;         ///< what the op itself puts out; views of it may be what is compared
    Transform fromRoot;   ///< turns the root's tensor into the compared one
    /// Values that ops read in its place: the root, and values that repeat its numbers.
    std::vector<ValueId> feeds;
    std::vector<SyncPointId> inputs; ///< points whose values the region reads
    std::vector<NodeId> ops;         ///< that compute, in no order; views left out
    std::vector<ValueId> constants;  ///< floating-point constants that these ops read

    bool isInput() const { return obstacle.empty() && ops.empty(); } ///< an input of the model
};

/// Cuts the baseline at the roots of all compared points. Parallel to `alignment.points`;
/// `isCompared` says which points have tensors. Linear in the regions' sizes.
std::vector<ReplayRegion> planReplay(const Graph &baseline, const Alignment &alignment,
                                     const std::function<bool(SyncPointId)> &isCompared);

} // namespace syncpoint
