#include "viewers/tensor/plane.h"

#include "core/base/parallel_for.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace syncpoint {

namespace {
constexpr std::int64_t kMostColorChannels = 4;
constexpr double kSheetRatio = 1.2; ///< width to height of a contact sheet

/// Position of a float among all floats, so that neighbours differ by one; ±0 share theirs.
std::int64_t ordinal(float value)
{
    const auto bits = std::bit_cast<std::int32_t>(value);
    return bits < 0 ? -std::int64_t{bits & 0x7FFFFFFF} : std::int64_t{bits};
}

std::vector<std::uint64_t> stridesOf(std::span<const std::int64_t> shape)
{
    std::vector<std::uint64_t> strides(shape.size(), 1);
    for (std::size_t axis = shape.size(); axis-- > 1;) {
        strides[axis - 1] = strides[axis] * static_cast<std::uint64_t>(shape[axis]);
    }
    return strides;
}

double rms(std::span<const float> values)
{
    double sum = 0.0;
    std::uint64_t count = 0;
    for (const float value : values) {
        if (std::isfinite(value)) {
            sum += double{value} * double{value};
            ++count;
        }
    }
    return count == 0 ? 0.0 : std::sqrt(sum / static_cast<double>(count));
}
} // namespace

PlaneAxes guessAxes(std::span<const std::int64_t> shape)
{
    PlaneAxes axes;
    axes.fixed.assign(shape.size(), 0);
    if (shape.size() < 2) {
        return axes;
    }
    axes.row = shape.size() - 2;
    axes.column = shape.size() - 1;
    const bool channelsLast = shape.size() >= 3 && shape.back() <= kMostColorChannels &&
                              shape[shape.size() - 2] > kMostColorChannels &&
                              shape[shape.size() - 3] > kMostColorChannels;
    if (channelsLast) {
        --axes.row;
        --axes.column;
        return axes;
    }
    // 1×C×1×1 and the like: a single pixel says nothing, the longest axis does.
    if (shape[axes.row] == 1 && shape[axes.column] == 1) {
        const auto longest = std::max_element(shape.begin(), shape.end());
        axes.column = static_cast<std::size_t>(longest - shape.begin());
        axes.row = axes.column == 0 ? 1 : axes.column - 1;
    }
    return axes;
}

std::optional<std::size_t> guessSheetAxis(std::span<const std::int64_t> shape,
                                          const PlaneAxes &axes)
{
    std::optional<std::size_t> best;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        if (axis != axes.row && axis != axes.column && axis != axes.color && shape[axis] > 1 &&
            (!best || shape[axis] > shape[*best])) {
            best = axis;
        }
    }
    return best;
}

namespace {
/// Sizes and strides; the values are still missing.
Plane frameOf(std::span<const std::int64_t> shape, const PlaneAxes &axes)
{
    Plane plane;
    const auto strides = stridesOf(shape);
    const bool isLine = shape.size() < 2 || axes.row == axes.column;
    const bool hasSheet = axes.sheet && *axes.sheet < shape.size() && *axes.sheet != axes.row &&
                          *axes.sheet != axes.column;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        const bool isShown =
            axis == axes.row || axis == axes.column || (hasSheet && axis == *axes.sheet);
        if (!isShown && axis < axes.fixed.size()) {
            const auto index = std::clamp<std::int64_t>(axes.fixed[axis], 0, shape[axis] - 1);
            plane.first += static_cast<std::uint64_t>(index) * strides[axis];
        }
    }
    plane.columns = shape.empty() ? 1 : static_cast<std::size_t>(shape[axes.column]);
    plane.rows = isLine ? 1 : static_cast<std::size_t>(shape[axes.row]);
    plane.columnStride = shape.empty() ? 1 : strides[axes.column];
    plane.rowStride = isLine ? 0 : strides[axes.row];
    if (hasSheet) {
        plane.tiles = static_cast<std::size_t>(shape[*axes.sheet]);
        plane.tileStride = strides[*axes.sheet];
        const double square = static_cast<double>(plane.tiles * plane.rows) * kSheetRatio /
                              static_cast<double>(plane.columns);
        plane.tilesAcross = std::clamp<std::size_t>(
            static_cast<std::size_t>(std::ceil(std::sqrt(square))), 1, plane.tiles);
        plane.columns *= plane.tilesAcross;
        plane.rows *= (plane.tiles + plane.tilesAcross - 1) / plane.tilesAcross;
    }
    return plane;
}
} // namespace

Plane extractPlane(std::span<const float> data, std::span<const std::int64_t> shape,
                   const PlaneAxes &axes)
{
    if (data.empty() || data.size() != elementCount(shape).value_or(0)) {
        return {};
    }
    Plane plane = frameOf(shape, axes);
    const bool isContiguous = plane.tiles == 1 && plane.columnStride == 1 &&
                              (plane.rows == 1 || plane.rowStride == plane.columns);
    if (isContiguous) { // millions of cells need no copy
        plane.values = data.subspan(plane.first, plane.rows * plane.columns);
        return plane;
    }
    std::vector<float> values(plane.rows * plane.columns);
    const std::size_t tileRows = plane.tileRows();
    const std::size_t tileColumns = plane.tileColumns();
    for (std::size_t tile = 0; tile < plane.tiles; ++tile) {
        for (std::size_t r = 0; r < tileRows; ++r) {
            const std::uint64_t from = plane.first + tile * plane.tileStride + r * plane.rowStride;
            float *to = values.data() + (tile / plane.tilesAcross * tileRows + r) * plane.columns +
                        tile % plane.tilesAcross * tileColumns;
            for (std::size_t c = 0; c < tileColumns; ++c) {
                to[c] = data[from + c * plane.columnStride];
            }
        }
    }
    plane.own(std::move(values));
    return plane;
}

PlaneCell cellOf(const Plane &plane, const PlaneAxes &axes, std::span<const std::int64_t> index)
{
    if (index.empty()) {
        return {};
    }
    PlaneCell cell;
    cell.column = static_cast<std::size_t>(index[axes.column]);
    cell.row = plane.rowStride == 0 ? 0 : static_cast<std::size_t>(index[axes.row]);
    if (plane.tiles > 1) {
        const auto tile = static_cast<std::size_t>(index[*axes.sheet]);
        cell.column += tile % plane.tilesAcross * plane.tileColumns();
        cell.row += tile / plane.tilesAcross * plane.tileRows();
    }
    return cell;
}

namespace {
/// Adds one row of cells to the blocks at `to`.
void reduceRow(std::span<const float> row, std::size_t factor, Reduction reduction, float *to)
{
    for (std::size_t begin = 0; begin < row.size(); begin += factor, ++to) {
        const auto cells = row.subspan(begin, std::min(factor, row.size() - begin));
        if (reduction == Reduction::Mean) {
            *to = std::accumulate(cells.begin(), cells.end(), *to);
            continue;
        }
        for (const float cell : cells) {
            *to = std::abs(cell) > std::abs(*to) || std::isnan(cell) ? cell : *to;
        }
    }
}
} // namespace

std::vector<float> reducePlane(const Plane &plane, std::size_t factor, Reduction reduction)
{
    const std::size_t rows = (plane.rows + factor - 1) / factor;
    const std::size_t columns = (plane.columns + factor - 1) / factor;
    std::vector<float> reduced(rows * columns, 0.0F);
    parallelFor(rows, [&](std::size_t block) {
        const std::size_t end = std::min((block + 1) * factor, plane.rows);
        for (std::size_t row = block * factor; row < end; ++row) {
            reduceRow(plane.values.subspan(row * plane.columns, plane.columns), factor, reduction,
                      reduced.data() + block * columns);
        }
    });
    for (std::size_t i = 0; reduction == Reduction::Mean && i < reduced.size(); ++i) {
        const std::size_t height = std::min(factor, plane.rows - i / columns * factor);
        const std::size_t width = std::min(factor, plane.columns - i % columns * factor);
        reduced[i] /= static_cast<float>(height * width);
    }
    return reduced;
}

std::vector<std::int64_t> unravel(std::uint64_t flatIndex, std::span<const std::int64_t> shape)
{
    std::vector<std::int64_t> index(shape.size(), 0);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        const auto extent = static_cast<std::uint64_t>(std::max<std::int64_t>(shape[axis], 1));
        index[axis] = static_cast<std::int64_t>(flatIndex % extent);
        flatIndex /= extent;
    }
    return index;
}

std::string indexText(std::span<const std::int64_t> index)
{
    return fmt::format("[{}]", fmt::join(index, ", "));
}

namespace {
/// formula(a, b) of all pairs of elements.
template <typename Formula>
FloatArray forAllPairs(std::span<const float> reference, std::span<const float> candidate,
                       const Formula &formula)
{
    constexpr std::size_t kChunk = std::size_t{1} << 19U; // elements that one thread takes at once
    FloatArray result(std::min(reference.size(), candidate.size()));
    const std::span<float> values = result.values();
    parallelFor((values.size() + kChunk - 1) / kChunk, [&](std::size_t chunk) {
        const std::size_t end = std::min((chunk + 1) * kChunk, values.size());
        for (std::size_t i = chunk * kChunk; i < end; ++i) {
            values[i] = static_cast<float>(formula(reference[i], candidate[i]));
        }
    });
    return result;
}
} // namespace

FloatArray difference(std::span<const float> reference, std::span<const float> candidate,
                      DifferenceKind kind, double step)
{
    const auto of = [&](const auto &formula) { return forAllPairs(reference, candidate, formula); };
    switch (kind) {
    case DifferenceKind::Absolute:
        return of([](double a, double b) { return std::abs(b - a); });
    case DifferenceKind::Squared:
        return of([](double a, double b) { return (b - a) * (b - a); });
    case DifferenceKind::Relative:
        return of([floor = 1e-3 * rms(reference)](double a, double b) {
            return b - a == 0.0 ? 0.0 : std::abs(b - a) / std::max(std::abs(a), floor);
        });
    case DifferenceKind::QuantizationSteps:
        return of(
            [step](double a, double b) { return step > 0.0 ? (b - a) / step : std::nan(""); });
    case DifferenceKind::Ulp:
        return of([](float a, float b) {
            return std::isnan(b - a) ? std::nan("") : static_cast<double>(ordinal(b) - ordinal(a));
        });
    case DifferenceKind::Signed:
        break;
    }
    return of([](double a, double b) { return b - a; });
}

} // namespace syncpoint
