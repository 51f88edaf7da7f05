#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"

#include <chrono>
#include <functional>
#include <string>

namespace syncpoint::hdf5 {

/// Runs `work` in a forked copy of this process and gives what it returned there. HDF5 1.10
/// crashes, loops or takes all memory on some damaged files; in the copy this is an error message
/// that says so. `work` may use memory and the HDF5 library, without the lock, and nothing else:
/// other threads and open files do not exist in the copy. A copy that computes for longer than
/// `time` is stopped.
Result<std::string> outputOfChild(const std::function<std::string()> &work,
                                  std::chrono::seconds time, const JobContext &job);

} // namespace syncpoint::hdf5
