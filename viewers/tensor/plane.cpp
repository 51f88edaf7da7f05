#include "viewers/tensor/plane.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::int64_t kMostColorChannels = 4;

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

Plane extractPlane(std::span<const float> data, std::span<const std::int64_t> shape,
                   const PlaneAxes &axes)
{
    Plane plane;
    if (data.empty() || data.size() != elementCount(shape).value_or(0)) {
        return plane;
    }
    const auto strides = stridesOf(shape);
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        if (axis != axes.row && axis != axes.column && axis < axes.fixed.size()) {
            const auto index = std::clamp<std::int64_t>(axes.fixed[axis], 0, shape[axis] - 1);
            plane.first += static_cast<std::uint64_t>(index) * strides[axis];
        }
    }
    const bool isLine = shape.size() < 2 || axes.row == axes.column;
    plane.columns = shape.empty() ? 1 : static_cast<std::size_t>(shape[axes.column]);
    plane.rows = isLine ? 1 : static_cast<std::size_t>(shape[axes.row]);
    plane.columnStride = shape.empty() ? 1 : strides[axes.column];
    plane.rowStride = isLine ? 0 : strides[axes.row];
    plane.values.resize(plane.rows * plane.columns);
    for (std::size_t row = 0; row < plane.rows; ++row) {
        for (std::size_t column = 0; column < plane.columns; ++column) {
            plane.values[row * plane.columns + column] = data[plane.flatIndex(row, column)];
        }
    }
    return plane;
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

std::vector<float> difference(std::span<const float> reference, std::span<const float> candidate,
                              DifferenceKind kind, double step)
{
    std::vector<float> result(std::min(reference.size(), candidate.size()));
    const double floor = kind == DifferenceKind::Relative ? 1e-3 * rms(reference) : 0.0;
    for (std::size_t i = 0; i < result.size(); ++i) {
        const double error = double{candidate[i]} - double{reference[i]};
        double shown = error;
        switch (kind) {
        case DifferenceKind::Signed:
            break;
        case DifferenceKind::Absolute:
            shown = std::abs(error);
            break;
        case DifferenceKind::Squared:
            shown = error * error;
            break;
        case DifferenceKind::Relative:
            shown = error == 0.0
                        ? 0.0
                        : std::abs(error) / std::max(std::abs(double{reference[i]}), floor);
            break;
        case DifferenceKind::QuantizationSteps:
            shown = step > 0.0 ? error / step : std::nan("");
            break;
        }
        result[i] = static_cast<float>(shown);
    }
    return result;
}

} // namespace syncpoint
