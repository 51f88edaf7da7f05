#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/tensor/tensor_dump.h"

#include <filesystem>
#include <memory>

namespace syncpoint {

/// Reads a dump, or another HDF5 file, in this process: for files that this program has just
/// written. Foreign ones go through loadDump(), because damage makes the HDF5 library itself crash.
/// Errors do not name the file.
Result<std::shared_ptr<const TensorDump>> readDump(const std::filesystem::path &path,
                                                   const JobContext &job);

} // namespace syncpoint
