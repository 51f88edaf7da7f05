#pragma once
#include "core/formats/hdf5/handle.h"
#include "core/tensor/shape.h"

#include <cstddef>
#include <cstdint>

namespace syncpoint::hdf5 {

/// Reads elements [first, first + count) in row-major order of a dataset of `shape` into `out`, of
/// `width` bytes each. Such a range is at most 2·rank − 1 boxes. Needs the lock; false when the
/// library fails.
bool readRange(hid_t dataset, hid_t memoryType, const Shape &shape, std::uint64_t first,
               std::uint64_t count, std::byte *out, std::size_t width);

} // namespace syncpoint::hdf5
