#pragma once
#include "compare/session/session_config.h"

#include <filesystem>
#include <optional>

namespace syncpoint {

/// The folder of the bundled example, beside the program or in the source tree above it; nothing
/// when it is not installed.
std::optional<std::filesystem::path> findExampleFolder();
/// Float against 4-bit weights on the bundled inputs.
SessionConfig exampleConfig(const std::filesystem::path &folder);

} // namespace syncpoint
