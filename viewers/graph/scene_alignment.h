#pragma once
#include "viewers/graph/graph_scene.h"

#include <memory>
#include <utility>

namespace syncpoint {

/// Both sides as text editors show a diff: matched ops at the same height, gaps where one side has
/// more. The boxes keep their order and their size; only space is added between heights. Where both
/// sides order matched ops differently, the longest common order wins. Both scenes end up equally
/// high.
std::pair<std::shared_ptr<const GraphScene>, std::shared_ptr<const GraphScene>>
alignHeights(const GraphScene &baseline, const GraphScene &candidate);

} // namespace syncpoint
