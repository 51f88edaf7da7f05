#pragma once
#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <memory>
#include <string_view>

namespace syncpoint {

/// Reads a WeightParams message of a neural network that lies in `file`. `shape` counts when it has
/// as many elements as are stored. Floats, halves and quantized weights stay where they are mapped:
/// linear ones become integers with a scale when their bias is a multiple of it, all others and
/// look-up tables are decoded on demand.
Result<Tensor> readNnWeights(std::string_view message, Shape shape,
                             const std::shared_ptr<const MappedFile> &file);

} // namespace syncpoint
