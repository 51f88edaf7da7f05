#pragma once
#include "core/formats/hdf5/attributes.h"
#include "core/formats/hdf5/handle.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace syncpoint::hdf5 {

/// Reads what dumps say of an object; `fileSize` bounds what a damaged file can make us allocate.
Attributes readAttributes(hid_t object, std::uint64_t fileSize);

/// The elements of an open text dataset or attribute, of fixed or variable length, each ended by
/// NUL. `read` is called with the memory type and a buffer. Nothing when the library fails or there
/// are more than `mostBytes`.
std::optional<std::vector<std::byte>>
readTexts(hid_t fileType, std::uint64_t count, std::uint64_t mostBytes,
          herr_t (*read)(hid_t object, hid_t type, void *buffer), hid_t object);

} // namespace syncpoint::hdf5
