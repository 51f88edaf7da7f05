#pragma once
#include "core/placement/op_placements.h"

#include <nlohmann/json_fwd.hpp>

namespace syncpoint {

/// "ran_on", "supported_by", "excluded", "reason", "kernel", "time_us", "cost", "estimated"; what a
/// report does not say is null.
nlohmann::ordered_json placementToJson(const OpPlacement &placement);

} // namespace syncpoint
