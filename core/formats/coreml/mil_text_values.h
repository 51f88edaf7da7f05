#pragma once
#include "core/formats/coreml/mil_program.h"
#include "core/formats/coreml/mil_tokens.h"

namespace syncpoint {

/// Reads a value with its type: "tensor<int32, [2]>([3, 4])", "string("x")",
/// "tensor<fp16, [8]>(BLOBFILE(path = …, offset = …))". `depth` is how many values it stands in.
Result<void> readMilValue(MilTokens &tokens, MilValue &value, int depth);

} // namespace syncpoint
