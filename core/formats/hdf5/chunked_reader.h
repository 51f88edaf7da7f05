#pragma once
#include "core/base/result.h"
#include "core/formats/hdf5/chunk_cache.h"
#include "core/formats/hdf5/chunk_grid.h"
#include "core/formats/hdf5/listing.h"

#include <cstddef>
#include <span>

namespace syncpoint::hdf5 {

/// Reads elements of a checked dataset in chunks from `file`, with the stored byte order, into
/// `out`, which starts as zeros. `number` names the dataset in the cache. Chunks are unpacked in
/// parallel.
Result<void> readChunked(const Dataset &dataset, std::size_t number,
                         std::span<const std::byte> file, ChunkCache &cache, ElementRange range,
                         std::span<std::byte> out);

} // namespace syncpoint::hdf5
