#pragma once
#include "core/formats/coreml/mil_program.h"
#include "core/formats/coreml/mil_tokens.h"

namespace syncpoint {

/// Reads a type: "tensor<fp32, [1, ?, 8]>", "string", "list<int32, 3>", "state<tensor<…>>". `depth`
/// is how many types and values it stands in.
Result<void> readMilType(MilTokens &tokens, MilType &type, int depth);

} // namespace syncpoint
