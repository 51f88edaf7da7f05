#pragma once
#include "core/formats/loader.h"

#include <memory>

namespace syncpoint {

/// Databases that a debug build of ONNX Runtime writes (execution-trace-pid….db): a step per run as
/// sample, and the provider of every op.
std::unique_ptr<TensorLoader> makeOrtDebugDatabaseLoader();

} // namespace syncpoint
