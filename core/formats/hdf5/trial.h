#pragma once
#include "core/base/result.h"

#include <cstdint>
#include <functional>

namespace syncpoint::hdf5 {

/// Runs `attempt` in a forked copy of this process and says whether it came to its end. HDF5 1.10
/// crashes or loops on some damaged files, and no check of ours in front of it can know all of
/// them; a crash of the copy is an error message instead. `attempt` may use the library and
/// memory, nothing else: other threads do not exist in the copy. Takes the lock.
/// A copy that computes for longer than `seconds` counts as crashed.
Result<void> tryInCopy(const std::function<void()> &attempt, std::uint64_t seconds);

} // namespace syncpoint::hdf5
