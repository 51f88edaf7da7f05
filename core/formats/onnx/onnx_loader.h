#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// ONNX protobuf models, read with protozero over a mapped file: weights are never copied, unknown
/// fields and newer IR versions are skipped. Format: onnx.proto of the ONNX project.
std::unique_ptr<GraphLoader> makeOnnxLoader();

} // namespace syncpoint
