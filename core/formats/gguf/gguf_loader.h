#pragma once
#include "core/formats/loader.h"

#include <memory>

namespace syncpoint {

/// The weights of a GGUF file.
std::unique_ptr<TensorLoader> makeGgufLoader();

} // namespace syncpoint
