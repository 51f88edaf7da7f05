#pragma once
#include "core/tensor/dtype.h"

#include <optional>
#include <string_view>

namespace syncpoint::pytorch {

/// The one list of what a pickle may refer to. Gives "module.name" as a text that lives forever;
/// nothing for anything else.
std::optional<std::string_view> allowedGlobal(std::string_view module, std::string_view name);

/// The element type of "torch.HalfStorage" or "torch.float16"; nothing for other globals.
std::optional<DType> dtypeOfGlobal(std::string_view global);

/// The element type of PyTorch's serialized ScalarType number; Undefined for unknown ones.
DType dtypeOfScalarType(std::int64_t number);

} // namespace syncpoint::pytorch
