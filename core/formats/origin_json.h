#pragma once
#include "core/graph/graph.h"

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

namespace syncpoint {

/// Where an op of a rewritten model keeps its origins, as JSON text: key of an ONNX node's
/// metadata.
constexpr std::string_view kOriginsKey = "syncpoint.origins";

/// [{"name", "op_type", "module", "source": [{"file", "line", "column", "function"}]}]
nlohmann::json originsToJson(std::span<const Origin> origins);
/// Skips what is not of that form.
std::vector<Origin> originsFromJson(const nlohmann::json &json);

nlohmann::json framesToJson(std::span<const SourceFrame> frames);
std::vector<SourceFrame> framesFromJson(const nlohmann::json &json);

} // namespace syncpoint
