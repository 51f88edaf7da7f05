#pragma once
#include "core/formats/hdf5/file_sink.h"
#include "core/formats/hdf5/object_header.h"

namespace syncpoint::hdf5 {

/// Shuffles and deflates elements in chunks of consecutive ones, about a megabyte each, so that a
/// pass by range unpacks every chunk once; the index holds 64 chunks, so those of tensors over
/// 64 MB are larger. `shape` has no extent 0 and is not empty.
Result<DataPlace> writeChunks(std::span<const std::byte> data, std::span<const std::int64_t> shape,
                              std::size_t elementBytes, int level, FileSink &sink);

} // namespace syncpoint::hdf5
