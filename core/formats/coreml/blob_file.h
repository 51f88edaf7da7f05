#pragma once
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace syncpoint {

/// The data of one blob of a Core ML weight file. `offset` is that of its 64-byte description.
/// Source: the blob storage format of coremltools (version 2).
Result<std::span<const std::byte>> blobData(std::span<const std::byte> file, std::uint64_t offset);

} // namespace syncpoint
