#pragma once
#include "core/formats/hdf5/listing.h"
#include "core/formats/hdf5/mapped_driver.h"

#include <string>

namespace syncpoint::hdf5 {

/// What the library knows of an open dataset of `input`. Texts are read when `readsTexts`: as many
/// bytes as `textRoom` says, which they use up.
Dataset listDataset(hid_t dataset, std::string path, MappedInput &input, bool readsTexts,
                    std::uint64_t &textRoom);

} // namespace syncpoint::hdf5
