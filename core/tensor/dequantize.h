#pragma once
#include "core/tensor/quantization.h"

#include <cstdint>
#include <span>

namespace syncpoint {

/// Turns stored integers into real numbers in place. `values` are elements [first, first +
/// values.size()) of a tensor of `shape`, whose parameters passed checkQuantization().
void dequantize(const Quantization &parameters, std::span<const std::int64_t> shape,
                std::uint64_t first, std::span<double> values);

} // namespace syncpoint
