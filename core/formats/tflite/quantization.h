#pragma once
#include "core/base/result.h"
#include "core/formats/tflite/model_buffers.h"
#include "core/tensor/quantization.h"

#include <memory>

namespace syncpoint::tflite {
struct SubGraph;
} // namespace syncpoint::tflite

namespace syncpoint {

/// The parameters of a tensor of `graph`: per tensor, per channel or per block; null when it has
/// none. Fails when they contradict themselves; whether they fit the shape is for
/// checkQuantization(). Source: QuantizationParameters of TFLite's schema.
Result<std::shared_ptr<const Quantization>> quantizationOf(const tflite::Tensor &tensor,
                                                           const tflite::SubGraph &graph,
                                                           const TfliteBuffers &buffers);

} // namespace syncpoint
