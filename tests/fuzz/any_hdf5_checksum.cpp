#include "core/formats/hdf5/checksum.h"

#include <cstring>

// Stands in for core/formats/hdf5/checksum.cpp: headers are followed by their checksum, and
// whatever stands there is right, so that damage gets past it.
namespace syncpoint::hdf5 {

std::uint32_t checksumOf(std::span<const std::byte> bytes)
{
    std::uint32_t stored = 0;
    std::memcpy(&stored, bytes.data() + bytes.size(), sizeof stored);
    return stored;
}

} // namespace syncpoint::hdf5
