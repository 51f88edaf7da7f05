#pragma once
#include "viewers/graph/graph_outline.h"

namespace syncpoint {

/// Fills leaves, links and leafOfNode; leaves all stand in group 0 until the tree is made.
void addLeaves(GraphOutline &outline, bool foldQuantization);

} // namespace syncpoint
