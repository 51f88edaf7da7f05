#pragma once
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/formats/hdf5/attributes.h"
#include "core/formats/hdf5/dataset.h"
#include "core/tensor/tensor_store.h"

#include <string>

namespace syncpoint::hdf5 {

/// A dataset of a file that is no dump: named by its path.
TensorEntry foreignEntry(const std::string &key, const DatasetInfo &dataset);

/// What a dump's attributes say of a dataset (docs/dump-format.md). Fails when its logical type
/// does not fit the stored one; quantization that does not fit is left out with a warning.
Result<TensorEntry> dumpEntry(const std::string &key, const DatasetInfo &dataset,
                              const Attributes &attributes, Diagnostics &diagnostics);

} // namespace syncpoint::hdf5
