#pragma once
#include "core/graph/graph_builder.h"

#include <vector>

namespace syncpoint {

/// What a quantization_annotation says: `value` has these per-tensor parameters.
struct OnnxQuantizationNote
{
    ValueId value;
    ValueId scale;
    ValueId zeroPoint; ///< invalid when there is none
};

/// Sets Value::quantization of the integers around QuantizeLinear, DequantizeLinear and the QLinear
/// ops of the default and the com.microsoft domain, from constant scales and zero points; then
/// hands per-tensor parameters on through ops that only move data. Parameters that contradict the
/// shape become diagnostics. Source: ONNX operator and ONNX Runtime contrib operator documentation.
void applyOnnxQuantization(GraphBuilder &builder, const std::vector<OnnxQuantizationNote> &notes);

} // namespace syncpoint
