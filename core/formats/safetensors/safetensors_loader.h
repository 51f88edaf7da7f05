#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// Tensors by name, of every type the format has except 6-bit floats; mapped, never copied.
std::unique_ptr<TensorLoader> makeSafetensorsLoader();

} // namespace syncpoint
