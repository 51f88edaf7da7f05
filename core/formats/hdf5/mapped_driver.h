#pragma once
#include "core/formats/hdf5/handle.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace syncpoint::hdf5 {

/// Part of the file.
struct Extent
{
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

/// The bytes of a file that the library reads from memory. While `isLocating`, element data is not
/// copied: where it lies is noted in `located`. HDF5 1.10 tells the place of a chunk only in time
/// that grows with the number of chunks, and wrongly in files with a user block; where it reads a
/// chunk from is right and found at once.
struct MappedInput
{
    std::span<const std::byte> file;
    bool isLocating = false;
    std::optional<Extent> located;
};

/// Properties for H5Fopen() that make it read `input`, which must outlive the file.
Handle accessTo(MappedInput &input);

} // namespace syncpoint::hdf5
