#pragma once
#include "viewers/graph/graph_scene.h"

namespace syncpoint {

/// One scene as a cluster of a Graphviz graph: opened modules are clusters, boxes carry type, name
/// and score. `prefix` keeps the names of two scenes apart.
QString dotCluster(const GraphScene &scene, const QString &prefix, const QString &label);

} // namespace syncpoint
