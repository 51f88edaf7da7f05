#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// The folder of *.tensorproto files that a debug build of ONNX Runtime writes, one per tensor of a
/// run (onnxruntime_DEBUG_NODE_INPUTS_OUTPUTS).
std::unique_ptr<TensorLoader> makeOrtDebugDumpLoader();

} // namespace syncpoint
