#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// A folder whose .npy files are the tensors, named by their path in the folder without the ending.
std::unique_ptr<TensorLoader> makeNpyFolderLoader();

} // namespace syncpoint
