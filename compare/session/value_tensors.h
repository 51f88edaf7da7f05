#pragma once
#include "compare/session/comparison_result.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

namespace syncpoint {

/// Where the numbers of one value are: a captured tensor, or a constant of the model.
struct ValueLocation
{
    const TensorStore *store = nullptr; ///< null: `constant` has the data
    TensorId tensor;
    const Tensor *constant = nullptr;
    /// From the dump, else from the graph; null when the value is not quantized.
    std::shared_ptr<const Quantization> quantization;
    TensorInfo info;
};

/// Nothing when the side captured no such value in that sample and it is no constant. Pointers live
/// as long as `side`.
std::optional<ValueLocation> locateValue(const ComparedSide &side, ValueId value,
                                         std::size_t sample);

/// A model output in a run without taps; nothing when the side's dump has none.
std::optional<ValueLocation> locatePlainOutput(const ComparedSide &side, ValueId output,
                                               std::size_t sample);

/// The whole tensor with its quantization attached. Large tensors: use the location's store and
/// read ranges.
Result<Tensor> readValue(const ComparedSide &side, ValueId value, std::size_t sample);

/// The candidate's tensor in the baseline's layout: permuted and reshaped as `transform` says.
/// Dequantizing is decode()'s work, through the attached quantization.
Result<Tensor> applyTransform(const Tensor &candidate, const Transform &transform);

} // namespace syncpoint
