#pragma once
#include "viewers/graph/graph_scene.h"

#include <set>

namespace syncpoint {

/// What to light up of a scene; boxes and the edges between them, chips included.
struct SceneTrace
{
    std::set<std::uint32_t> boxes, edges;
    bool empty() const { return boxes.empty(); }
};

/// Everything that feeds a box, itself included. A module counts as one box.
SceneTrace traceInputs(const GraphScene &scene, std::uint32_t box);
/// Everything computed from it, itself included.
SceneTrace traceOutputs(const GraphScene &scene, std::uint32_t box);
/// The boxes on any way from one to the other, whichever comes first; empty when there is none.
SceneTrace tracePaths(const GraphScene &scene, std::uint32_t one, std::uint32_t other);

} // namespace syncpoint
