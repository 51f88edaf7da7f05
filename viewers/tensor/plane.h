#pragma once
#include "core/tensor/shape.h"
#include "viewers/tensor/float_array.h"

#include <cstdint>
#include <memory>
#include <optional>
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
    /// Shown side by side as a contact sheet: every index of this axis is one tile.
    std::optional<std::size_t> sheet;
    /// Shown as colours: indices 0, 1 and 2 of this axis are red, green and blue.
    std::optional<std::size_t> color;
    bool operator==(const PlaneAxes &) const = default;
};

/// The two axes people expect: the last two, which are H×W of NCHW, tokens × features, or tokens ×
/// tokens of an attention map; the last of NHWC when it is small (≤ 4 channels) stays fixed.
PlaneAxes guessAxes(std::span<const std::int64_t> shape);

/// The axis whose slices make the best contact sheet: the longest that is neither row, column nor
/// colour. Nothing when all others have one index.
std::optional<std::size_t> guessSheetAxis(std::span<const std::int64_t> shape,
                                          const PlaneAxes &axes);

struct PlaneCell
{
    std::size_t row = 0, column = 0;
    bool operator==(const PlaneCell &) const = default;
};

/// A picture of a tensor: a 2-D slice or a sheet of slices in rows of tiles, row-major, with the
/// way back to the tensor.
struct Plane
{
    std::size_t rows = 0; ///< of the whole picture
    std::size_t columns = 0;
    std::span<const float> values;                   ///< of the tensor itself where it can be …
    std::shared_ptr<const std::vector<float>> owned; ///< … else of a copy
    std::uint64_t first = 0, rowStride = 0, columnStride = 0; ///< in elements of the tensor
    std::size_t tiles = 1, tilesAcross = 1;
    std::uint64_t tileStride = 0;

    void own(std::vector<float> copy)
    {
        owned = std::make_shared<const std::vector<float>>(std::move(copy));
        values = *owned;
    }
    bool isEmpty() const { return values.empty(); }
    std::size_t tileRows() const { return rows / ((tiles + tilesAcross - 1) / tilesAcross); }
    std::size_t tileColumns() const { return columns / tilesAcross; }
    float at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
    std::size_t tileAt(std::size_t row, std::size_t column) const
    {
        return row / tileRows() * tilesAcross + column / tileColumns();
    }
    /// False for the empty places behind the last tile.
    bool has(std::size_t row, std::size_t column) const { return tileAt(row, column) < tiles; }
    std::uint64_t flatIndex(std::size_t row, std::size_t column) const
    {
        return first + tileAt(row, column) * tileStride + row % tileRows() * rowStride +
               column % tileColumns() * columnStride;
    }
};

/// `data` holds all elements of `shape`, row-major, and outlives the plane; the indices in `axes`
/// are clamped to it.
Plane extractPlane(std::span<const float> data, std::span<const std::int64_t> shape,
                   const PlaneAxes &axes);
/// Where the element with this index per axis is in the plane of these axes; indices on the fixed
/// axes do not count.
PlaneCell cellOf(const Plane &plane, const PlaneAxes &axes, std::span<const std::int64_t> index);

/// How many cells become one when a plane is drawn smaller than it is.
enum class Reduction {
    Mean,   ///< for values
    Largest ///< by magnitude, for errors: a single wrong element must not vanish
};
/// The values of factor × factor cells as one, row-major, ceil(rows / factor) × ceil(columns /
/// factor). A cell that is not finite makes the whole one not finite.
std::vector<float> reducePlane(const Plane &plane, std::size_t factor, Reduction reduction);

/// Index per axis of a flat index, and the axes' text: "[0, 3, 17, 4]".
std::vector<std::int64_t> unravel(std::uint64_t flatIndex, std::span<const std::int64_t> shape);
std::string indexText(std::span<const std::int64_t> index);

/// How the third picture is computed from A and B.
enum class DifferenceKind { Signed, Absolute, Squared, Relative, QuantizationSteps, Ulp };
/// B − A and its variants, element by element. `step` is the candidate's mean scale, for
/// QuantizationSteps. Relative is |e| / max(|a|, 1e-3·rms(a)), as in docs/metrics.md. Ulp counts
/// the floats between A and B.
FloatArray difference(std::span<const float> reference, std::span<const float> candidate,
                      DifferenceKind kind, double step);

} // namespace syncpoint
