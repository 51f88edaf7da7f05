#pragma once
#include "core/base/result.h"
#include "core/formats/hdf5/handle.h"

#include <string>
#include <vector>

namespace syncpoint::hdf5 {

/// Paths, relative to `group`, of the datasets under it, in creation order where the file recorded
/// it, else by name. Only hard links are followed, each group once, to a depth of 64; more than a
/// million links is an error. `skipped` gets the names of links that lead out of the file or cannot
/// be opened. Needs the lock.
Result<std::vector<std::string>> scanDatasets(hid_t group, std::vector<std::string> &skipped);

/// Names of the groups directly in `group`, sorted. Needs the lock.
Result<std::vector<std::string>> childGroups(hid_t group);

} // namespace syncpoint::hdf5
