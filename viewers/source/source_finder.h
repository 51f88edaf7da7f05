#pragma once
#include "compare/session/session_config.h"
#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace syncpoint {

/// Folders in which source files are looked for: the session's, then those of both models.
std::vector<std::filesystem::path> sourceFolders(const SessionConfig &config);

/// The file a frame means: as written when it exists, else with leading folders dropped one by one
/// under each of `folders`. Nothing when there is none.
std::optional<std::filesystem::path> findSource(const std::string &framePath,
                                                const std::vector<std::filesystem::path> &folders);

/// The text of a source file. Fails for anything that is not a regular file of at most 8 MiB.
Result<std::string> readSource(const std::filesystem::path &file);

} // namespace syncpoint
