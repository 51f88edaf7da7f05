#pragma once
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <memory>
#include <onnxruntime_cxx_api.h>

namespace syncpoint {

/// Our name for the runtime's element type; Undefined for one we do not know.
DType dtypeFromOrt(ONNXTensorElementDataType type);
/// The runtime's (and ONNX's) name for ours; undefined for one it does not have.
ONNXTensorElementDataType ortFromDType(DType dtype);

/// The runtime's tensor without a copy; the result keeps it alive. Fails for sequences, maps,
/// empty optionals and unknown element types. May throw Ort::Exception.
Result<Tensor> tensorFromOrt(std::shared_ptr<Ort::Value> value);

/// A tensor for the runtime that borrows `tensor`'s bytes, which must outlive it (text is copied).
/// May throw Ort::Exception.
Result<Ort::Value> ortFromTensor(const Tensor &tensor);

} // namespace syncpoint
