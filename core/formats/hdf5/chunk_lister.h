#pragma once
#include "core/base/result.h"
#include "core/formats/hdf5/listing.h"
#include "core/formats/hdf5/mapped_driver.h"
#include "core/tensor/shape.h"

#include <cstdint>
#include <vector>

namespace syncpoint::hdf5 {

/// The places of the chunks that an open dataset of `input` has, for every kind of chunk index.
/// `properties` are those it was created with; as many `extents` of a chunk, all ≥ 1, as the shape
/// has.
Result<std::vector<Chunk>> listChunks(hid_t dataset, hid_t properties, const Shape &shape,
                                      const std::vector<std::uint64_t> &extents,
                                      MappedInput &input);

} // namespace syncpoint::hdf5
