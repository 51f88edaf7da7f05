#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// Results and inputs that Polygraphy saved as JSON. Arrays are decoded when they are read.
std::unique_ptr<TensorLoader> makePolygraphyLoader();

} // namespace syncpoint
