#pragma once
#include "core/layout/proper_graph.h"

namespace syncpoint {

/// Centre x of every vertex: U. Brandes and B. Köpf, "Fast and Simple Horizontal Coordinate
/// Assignment", GD 2001, with ports (S. Rüegg et al., "Size- and Port-Aware Horizontal Node
/// Coordinate Assignment", GD 2015) and compaction by longest paths over the blocks. Linear.
/// Neighbours of one rank keep `nodeGap` between boxes and `edgeGap` around passing edges.
std::vector<double> assignCoordinates(const ProperGraph &proper, double nodeGap, double edgeGap);

} // namespace syncpoint
