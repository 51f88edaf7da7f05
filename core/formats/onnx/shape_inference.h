#pragma once
#include "core/graph/graph_builder.h"

namespace syncpoint {

/// Fills in element types and shapes that the file leaves out, from the ops' definitions; never
/// changes what the file says. Small integer tensors that compute shapes are followed too. Unknown
/// ops and attributes that make no sense give nothing; it cannot fail. Linear in the ops; graphs of
/// more than 200 000 ops are left as they are. Own rules instead of libonnx's, which divide by the
/// file's strides unchecked and know neither newer op sets nor ONNX Runtime's ops.
void inferOnnxShapes(GraphBuilder &builder);

} // namespace syncpoint
