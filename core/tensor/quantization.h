#pragma once
#include <cstdint>
#include <optional>
#include <vector>

namespace syncpoint {

/// Affine quantization: real = scale · (q − zeroPoint), in double. One scale for the tensor, one
/// per index of `axis`, or one per block of `blockSize` elements along `axis` (0 = not blocked;
/// scales then have the tensor's shape with that axis divided, row-major). Source: ONNX
/// DequantizeLinear.
struct Quantization
{
    std::vector<double> scales;
    std::vector<std::int64_t> zeroPoints; ///< empty means all 0; else as many as scales
    std::optional<std::size_t> axis;      ///< none: per tensor
    std::uint64_t blockSize = 0;

    bool isValid() const { return !scales.empty(); }
    bool operator==(const Quantization &) const = default;
};

} // namespace syncpoint
