#pragma once
#include "core/base/diagnostic.h"
#include "core/formats/external_data.h"
#include "core/formats/onnx/onnx_proto.h"
#include "core/graph/graph.h"

namespace syncpoint {

/// Whether the op is a part of a model that ONNX Runtime compiled for an execution provider: one op
/// in place of all that it was compiled from.
bool isEpContext(const OnnxNode &proto);

/// The attribute that holds the compiled data or names their file. It is not kept: embedded data
/// are as large as the model.
bool isCompiledData(const OnnxNode &proto, const OnnxAttribute &attribute);

/// Sets the placement, and as metadata where the compiled data are and how large. A file of
/// compiled data that is missing or not in the model's folder is a diagnostic.
void describeEpContext(const OnnxNode &proto, const ExternalDataFiles &files, Node &node,
                       Diagnostics &diagnostics);

} // namespace syncpoint
