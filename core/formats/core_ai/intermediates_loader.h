#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// The folders in which Core AI's tools keep the tensors of a PyTorch run. Tensors have the names
/// of the program's fx nodes, parameters those of the state dict.
std::unique_ptr<TensorLoader> makeCoreAiIntermediatesLoader();

} // namespace syncpoint
