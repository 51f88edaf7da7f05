#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/formats/onnx/onnx_proto.h"
#include "core/formats/onnx/tensor_reader.h"
#include "core/graph/graph_builder.h"

namespace syncpoint {

/// Fills `builder` with the model: bodies of control-flow ops as scopes, calls of local functions
/// replaced by their ops. Expansion is bounded (depth, ops, names); a function that calls itself is
/// an error.
Result<void> translateOnnxModel(const OnnxModel &model, OnnxTensorReader &tensors,
                                GraphBuilder &builder, const JobContext &job);

} // namespace syncpoint
