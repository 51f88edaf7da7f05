#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// Syncpoint dumps (docs/dump-format.md) and any other HDF5 file, whose numeric datasets become
/// tensors named by their path.
std::unique_ptr<TensorLoader> makeHdf5Loader();

} // namespace syncpoint
