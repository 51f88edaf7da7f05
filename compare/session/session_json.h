#pragma once
#include "compare/session/compare_models.h"

#include <nlohmann/json_fwd.hpp>

namespace syncpoint {

/// The config as JSON; paths are written relative to `folder` where that is possible.
nlohmann::ordered_json sessionToJson(const SessionConfig &config,
                                     const std::filesystem::path &folder);

/// Strict: an unknown member, a wrong type or a missing side is an error that names the member.
/// Absent members keep their defaults. Relative paths are taken from `folder`.
Result<SessionConfig> sessionFromJson(const nlohmann::json &document,
                                      const std::filesystem::path &folder);

} // namespace syncpoint
