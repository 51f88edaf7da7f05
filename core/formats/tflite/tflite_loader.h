#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// TensorFlow Lite (LiteRT) models, read where they lie in the mapped file: weights are never
/// copied. Format: schema.fbs of the TensorFlow project, version 3.
std::unique_ptr<GraphLoader> makeTfliteLoader();

} // namespace syncpoint
