#include "core/tensor/dequantize.h"

#include <algorithm>

namespace syncpoint {
namespace {

/// values[i] = scales[i · stride] · (values[i] − zeroPoints[i · stride]); stride 0 or 1.
void apply(const Quantization &parameters, std::size_t at, std::size_t stride,
           std::span<double> values)
{
    const double *scales = parameters.scales.data() + at;
    if (parameters.zeroPoints.empty()) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            values[i] *= scales[i * stride];
        }
        return;
    }
    const std::int64_t *zeroPoints = parameters.zeroPoints.data() + at;
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = scales[i * stride] * (values[i] - static_cast<double>(zeroPoints[i * stride]));
    }
}

} // namespace

void dequantize(const Quantization &parameters, std::span<const std::int64_t> shape,
                std::uint64_t first, std::span<double> values)
{
    if (!parameters.axis) {
        apply(parameters, 0, 0, values);
        return;
    }
    // The tensor is seen as [outer][extent][inner] around the axis; a row is one (outer, extent).
    const auto extent = static_cast<std::uint64_t>(shape[*parameters.axis]);
    std::uint64_t inner = 1;
    for (const std::int64_t following : shape.subspan(*parameters.axis + 1)) {
        inner *= static_cast<std::uint64_t>(following);
    }
    if (values.empty() || extent == 0 || inner == 0) {
        return;
    }
    const std::uint64_t block = parameters.blockSize;
    const std::uint64_t blocks = block == 0 ? 0 : extent / block + (extent % block != 0 ? 1 : 0);
    std::uint64_t outer = first / inner / extent;
    std::uint64_t index = first / inner % extent;
    std::uint64_t column = first % inner;
    for (std::size_t done = 0; done < values.size();) {
        const std::size_t run = std::min<std::size_t>(inner - column, values.size() - done);
        const std::uint64_t at =
            block == 0 ? index : (outer * blocks + index / block) * inner + column;
        apply(parameters, at, block == 0 ? 0 : 1, values.subspan(done, run));
        done += run;
        column = 0;
        if (++index == extent) {
            index = 0;
            ++outer;
        }
    }
}

} // namespace syncpoint
