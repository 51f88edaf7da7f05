#pragma once
#include "core/formats/onnx/tensor_reader.h"
#include "core/graph/attribute.h"

#include <optional>

namespace syncpoint {

/// The numbers, texts or tensor of an attribute; monostate for kinds that are shown by name only.
/// Not for subgraphs.
Result<Attribute::Data> attributeData(const OnnxAttribute &proto, OnnxTensorReader &tensors);

/// What a Constant op with this attribute makes: integers as int64, real numbers as float32.
std::optional<Tensor> constantFrom(const Attribute::Data &data);

} // namespace syncpoint
