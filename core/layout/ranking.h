#pragma once
#include "core/layout/layout_graph.h"

#include <cstdint>
#include <vector>

namespace syncpoint {

/// Rows for a graph: every edge leads to a larger rank once the `reversed` ones are turned round.
struct Ranking
{
    std::vector<std::uint32_t> rank;    ///< per node
    std::vector<std::uint8_t> reversed; ///< per edge: it would close a cycle
    std::uint32_t rankCount = 0;
};

/// Longest-path ranks, then nodes slide towards their neighbours; in graphs of up to some thousand
/// nodes and edges, edges get as short as they can. Pinned nodes get the first and the last rank;
/// edges into the first or out of the last are ignored.
Ranking rankNodes(const LayoutGraph &graph);

} // namespace syncpoint
