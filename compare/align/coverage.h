#pragma once
#include "compare/align/alignment.h"
#include "core/graph/graph.h"

#include <cstddef>
#include <vector>

namespace syncpoint {

/// An op that computes data and so ought to be in a sync point.
struct MatchableOp
{
    NodeId node;
    SyncPointId point; ///< invalid: in none
};

/// The ops of one side by what alignment made of them. Constants, shape arithmetic, views (Cast,
/// Reshape, Transpose, Q/DQ, …) and ops that the other model provably lacks are in neither number.
struct OpCoverage
{
    std::vector<MatchableOp> matchable; ///< execution order; ops absorbed by a region left out
    std::size_t absorbed = 0;
    std::vector<NodeId> oneSided; ///< in execution order

    std::size_t paired() const;
    double ratio() const; ///< paired ÷ matchable, 0 when nothing is matchable
};

/// `outcomes` are the alignment's for that graph: Alignment::candidate with the candidate's graph.
OpCoverage matchableOps(const Graph &graph, const std::vector<ValueOutcome> &outcomes);

} // namespace syncpoint
