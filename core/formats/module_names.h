#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace syncpoint {

/// The module of a hierarchical name such as "/layer1/layer1.0/conv1/Conv" → "layer1.0.conv1", or
/// "model/block/conv" → "model.block"; nothing for a name without slashes.
std::optional<std::string> moduleOfName(std::string_view name);

/// The module that owns a parameter: "encoder.0.weight" → "encoder.0"; nothing without a dot.
std::optional<std::string> moduleOfParameter(std::string_view name);

} // namespace syncpoint
