#pragma once
#include "core/base/result.h"
#include "core/graph/graph.h"
#include "core/placement/op_placements.h"

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace syncpoint {

/// What the reports say of the graph's ops.
Result<OpPlacements> loadPlacements(const Graph &graph,
                                    const std::vector<std::filesystem::path> &reports);

/// A table of the ops, slowest first, and the rows that name no op.
std::string placementText(const Graph &graph, const OpPlacements &placements);
nlohmann::ordered_json placementsToJson(const Graph &graph, const OpPlacements &placements);

} // namespace syncpoint
