#pragma once
#include "core/base/result.h"
#include "core/formats/hdf5/listing.h"

#include <cstddef>
#include <span>

namespace syncpoint::hdf5 {

/// Lists an HDF5 file in memory with the HDF5 library, which may crash: only for outputOfChild().
/// Groups and datasets stand in creation order where the file recorded it, else by name. Only hard
/// links are followed, to a depth of 64; more than a million links is an error. What cannot be
/// opened or leads out of the file is listed as an unusable dataset. Texts are read from dumps.
Result<Listing> listFile(std::span<const std::byte> file);

} // namespace syncpoint::hdf5
