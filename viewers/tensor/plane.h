#pragma once
#include "core/tensor/shape.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// Which two axes of a tensor are shown as rows and columns, and where the other axes stand.
struct PlaneAxes
{
    std::size_t row = 0; ///< axis index; equal to `column` for a tensor of one axis or none
    std::size_t column = 0;
    std::vector<std::int64_t> fixed; ///< one index per axis; those of row and column are ignored
    bool operator==(const PlaneAxes &) const = default;
};

/// The two axes people expect: the last two, which are H×W of NCHW, tokens × features, or tokens ×
/// tokens of an attention map; the last of NHWC when it is small (≤ 4 channels) stays fixed.
PlaneAxes guessAxes(std::span<const std::int64_t> shape);

/// A 2-D slice: rows × columns values, row-major, with the way back to the tensor.
struct Plane
{
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<float> values;
    std::uint64_t first = 0, rowStride = 0,
                  columnStride = 0; ///< flat index = first + r·rowStride + c·columnStride

    bool isEmpty() const { return values.empty(); }
    float at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
    std::uint64_t flatIndex(std::size_t row, std::size_t column) const
    {
        return first + row * rowStride + column * columnStride;
    }
};

/// `data` holds all elements of `shape`, row-major; the indices in `axes` are clamped to it.
Plane extractPlane(std::span<const float> data, std::span<const std::int64_t> shape,
                   const PlaneAxes &axes);

/// Index per axis of a flat index, and the axes' text: "[0, 3, 17, 4]".
std::vector<std::int64_t> unravel(std::uint64_t flatIndex, std::span<const std::int64_t> shape);
std::string indexText(std::span<const std::int64_t> index);

/// How the third picture is computed from A and B.
enum class DifferenceKind { Signed, Absolute, Squared, Relative, QuantizationSteps };
/// B − A and its variants, element by element. `step` is the candidate's mean scale, for
/// QuantizationSteps. Relative is |e| / max(|a|, 1e-3·rms(a)), as in docs/metrics.md.
std::vector<float> difference(std::span<const float> reference, std::span<const float> candidate,
                              DifferenceKind kind, double step);

} // namespace syncpoint
