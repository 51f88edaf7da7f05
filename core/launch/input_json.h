#pragma once
#include "core/base/result.h"
#include "core/launch/input_source.h"

#include <nlohmann/json_fwd.hpp>

namespace syncpoint {

/// The member "inputs" of a run request (docs/runner-protocol.md).
nlohmann::json toJson(const InputSource &inputs);
/// Strict, see runRequestFromJson().
Result<InputSource> inputsFromJson(const nlohmann::json &json);

} // namespace syncpoint
