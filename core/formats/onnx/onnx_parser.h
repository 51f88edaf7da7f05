#pragma once
#include "core/base/result.h"
#include "core/formats/onnx/onnx_proto.h"

#include <string_view>

namespace syncpoint {

/// Reads a serialized ModelProto. The result holds views of `file`. Bounded: subgraphs nest at most
/// 64 deep, and at most 16 million messages are made. The error names the place: "node 17 'conv1':
/// attribute 'pads': …, at byte 1234".
Result<OnnxModel> parseOnnxModel(std::string_view file);

/// Reads a serialized TensorProto, as test data files hold one, in the same way.
Result<OnnxTensor> parseOnnxTensor(std::string_view file);

} // namespace syncpoint
