#pragma once
#include "core/base/result.h"
#include "core/formats/hdf5/listing.h"

namespace syncpoint::hdf5 {

/// Whether all that a dataset says of itself agrees and lies in a file of `fileSize` bytes, so that
/// reading it needs no further check of sizes, counts and offsets. True of unusable ones.
Result<void> checkDataset(const Dataset &dataset, std::uint64_t fileSize);

} // namespace syncpoint::hdf5
