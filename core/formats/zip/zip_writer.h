#pragma once
#include "core/base/job_context.h"
#include "core/base/owned_bytes.h"
#include "core/base/result.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace syncpoint {

/// A member to be written: bytes known at once, then bytes that are asked for when it is their turn
/// and let go after that.
struct ZipContent
{
    std::string name; ///< UTF-8
    std::string head;
    std::uint64_t bodySize = 0; ///< of what body() gives
    std::function<Result<OwnedBytes>()> body;
};

/// Writes an archive of stored members over `path`; only one body is held at a time. Fails with the
/// error of the first body that fails; the file is then of no use. Members have no time of their
/// own, so that equal contents give equal files.
Result<void> writeZip(const std::filesystem::path &path, std::vector<ZipContent> members,
                      const JobContext &job);

} // namespace syncpoint
