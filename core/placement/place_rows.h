#pragma once
#include "core/graph/graph.h"
#include "core/placement/importer.h"

#include <span>

namespace syncpoint {

/// Adds the rows to `placements`. A row finds an op by its name, an alias, the name of a value it
/// makes or an op it stands for; failing that by the same with every sign but letters and digits
/// taken as equal. Of a kernel that does several ops the last one gets time and cost, so that sums
/// stay right. What a later report says replaces what an earlier one said.
void placeRows(const Graph &graph, std::span<const PlacementRow> rows, OpPlacements &placements);

} // namespace syncpoint
