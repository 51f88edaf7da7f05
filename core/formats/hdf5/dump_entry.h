#pragma once
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/formats/hdf5/listing.h"
#include "core/tensor/tensor_store.h"

#include <string>

namespace syncpoint::hdf5 {

/// A dataset of a file that is no dump: named by its path.
TensorEntry foreignEntry(const std::string &key, const Dataset &dataset);

/// What a dump's attributes say of a dataset (docs/dump-format.md). Fails when its logical type
/// does not fit the stored one; quantization that does not fit is left out with a warning.
Result<TensorEntry> dumpEntry(const std::string &key, const Dataset &dataset,
                              Diagnostics &diagnostics);

} // namespace syncpoint::hdf5
