#pragma once
#include "core/formats/mlir/mlir_types.h"

#include <optional>
#include <string_view>

namespace syncpoint {

/// The elements of "dense<0.5>", "dense<[[1, 2], [3, 4]]>" or "dense<"0x…">" with this type;
/// nothing when they are elided, in another file or do not fit. Lists longer than a limit are left
/// out; a number for all elements takes no memory.
std::optional<Tensor> mlirConstant(std::string_view text, const MlirType &type);

} // namespace syncpoint
