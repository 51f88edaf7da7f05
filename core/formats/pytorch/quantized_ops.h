#pragma once
#include "core/graph/graph_builder.h"

namespace syncpoint::pytorch {

/// Attaches scales and zero points to the integer sides of the quantized_decomposed ops that
/// PyTorch's quantization leaves in a program: quantize and dequantize, per tensor and per channel.
void applyQuantization(GraphBuilder &builder);

} // namespace syncpoint::pytorch
