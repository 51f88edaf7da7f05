#pragma once
#include "core/layout/layout_graph.h"
#include "core/layout/proper_graph.h"
#include "core/layout/ranking.h"

#include <vector>

namespace syncpoint {

/// Turns ranks and centre coordinates into boxes and polylines. Edges pass a rank vertically and
/// change sides only in the gaps between ranks, so no edge runs through a box.
Layout routeEdges(const LayoutGraph &graph, const Ranking &ranking, const ProperGraph &proper,
                  const std::vector<double> &centres, const LayoutOptions &options);

} // namespace syncpoint
