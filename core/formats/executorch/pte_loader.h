#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// ExecuTorch programs (.pte), read where they lie in the mapped file: weights are not copied. An
/// ETRecord beside the program tells source lines and modules. Format: program.fbs of the
/// ExecuTorch project.
std::unique_ptr<GraphLoader> makePteLoader();

} // namespace syncpoint
