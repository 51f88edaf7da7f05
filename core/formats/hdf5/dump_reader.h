#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/tensor/tensor_dump.h"

#include <filesystem>
#include <memory>

namespace syncpoint {

/// Reads a dump, or another HDF5 file. Errors do not name the file.
Result<std::shared_ptr<const TensorDump>> readDump(const std::filesystem::path &path,
                                                   const JobContext &job);

} // namespace syncpoint
