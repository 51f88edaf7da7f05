#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace syncpoint {

/// Lower-case hex SHA-256 of a file's bytes, read by block.
Result<std::string> sha256OfFile(const std::filesystem::path &path, const JobContext &job = {});

} // namespace syncpoint
