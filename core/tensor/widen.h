#pragma once
#include "core/tensor/dtype.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace syncpoint {

/// Elements [first, first + out.size()) of densely stored `bytes` as real numbers, without
/// dequantizing. The range must lie in `bytes`; dtype must be numeric. Formats: IEEE 754, the OCP
/// 8-bit and microscaling specifications, and the ONNX types of the same names.
void widen(std::span<const std::byte> bytes, DType dtype, std::uint64_t first,
           std::span<float> out);
void widen(std::span<const std::byte> bytes, DType dtype, std::uint64_t first,
           std::span<double> out);
/// The stored integers; Bool gives 0 or 1.
void widen(std::span<const std::byte> bytes, DType dtype, std::uint64_t first,
           std::span<std::int64_t> out);

} // namespace syncpoint
