#pragma once
#include "viewers/graph/graph_canvas.h"

#include "core/base/result.h"

#include <vector>

namespace syncpoint {

/// Writes the canvases, next to each other when there are two, as the name's suffix says: the whole
/// scenes as .svg, .pdf or .dot (Graphviz), what they show, at twice the resolution, as .png.
/// Nothing half-written is left behind.
Result<void> exportGraph(const std::vector<GraphCanvas *> &canvases, const QString &file);

} // namespace syncpoint
