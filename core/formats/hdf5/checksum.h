#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace syncpoint::hdf5 {

/// The checksum of HDF5's metadata: Bob Jenkins' lookup3 ("hashlittle") from 0.
std::uint32_t checksumOf(std::span<const std::byte> bytes);

} // namespace syncpoint::hdf5
