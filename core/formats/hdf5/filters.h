#pragma once
#include "core/base/result.h"
#include "core/formats/hdf5/listing.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace syncpoint::hdf5 {

/// Undoes the filters that are not in `skipped` (bit i: filter i), the last first. What comes out
/// must be `size` bytes; checksums are verified.
Result<std::vector<std::byte>> unpack(std::span<const std::byte> packed,
                                      std::span<const Filter> filters, std::uint32_t skipped,
                                      std::size_t size);

} // namespace syncpoint::hdf5
