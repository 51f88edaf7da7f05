#pragma once
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace syncpoint::core_ai {

/// Names of one output at the levels of a conversion, by each of these names.
using OutputNames = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Reads the "mappings" of the metadata: {"sources": {dialect: {op id: {"identifiers": […]}}},
/// "outputs": [{"source_level", "source_op_id", "source_output", "target_level", …}]}. Only first
/// outputs: the format stores no others. Entries of another form are skipped.
OutputNames readOutputMaps(const nlohmann::json &mappings);

} // namespace syncpoint::core_ai
