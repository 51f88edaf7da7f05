#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// Dumps of Ascend's msprobe: the folder with dump.json, that file, or the folder of the steps.
std::unique_ptr<TensorLoader> makeMsprobeLoader();

} // namespace syncpoint
