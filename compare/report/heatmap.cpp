#include "compare/report/heatmap.h"

#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

namespace {
struct PlaneAxes
{
    std::size_t rows = 1, columns = 1;
    std::uint64_t offset = 0; ///< of the slice's first element
    std::string text;
};

/// Last axis across, the one before it down; a vector becomes one row.
PlaneAxes chooseAxes(const Shape &shape, std::size_t lead)
{
    PlaneAxes axes;
    const std::size_t rank = shape.size();
    axes.columns = rank > 0 ? static_cast<std::size_t>(shape[rank - 1]) : 1;
    axes.rows = rank > 1 ? static_cast<std::size_t>(shape[rank - 2]) : 1;
    std::vector<std::string> parts;
    bool leadUsed = false;
    for (std::size_t axis = 0; axis + 2 < rank; ++axis) {
        const auto extent = static_cast<std::size_t>(shape[axis]);
        std::size_t index = 0;
        if (!leadUsed && extent > 1) {
            index = std::min(lead, extent - 1);
            leadUsed = true;
        }
        axes.offset = axes.offset * extent + index;
        parts.push_back(std::to_string(index));
    }
    axes.offset *= axes.rows * axes.columns;
    for (std::size_t axis = rank > 2 ? rank - 2 : 0; axis < rank; ++axis) {
        parts.emplace_back(":");
    }
    axes.text = fmt::format("[{}]", fmt::join(parts, ", "));
    return axes;
}
} // namespace

Result<TensorPlane> planeOf(const Tensor &tensor, std::size_t lead, std::size_t limit)
{
    if (!isNumeric(tensor.info().dtype) || tensor.elements() == 0) {
        return Error{ErrorCode::BadInput, "a tensor without numbers has no picture"};
    }
    const PlaneAxes axes = chooseAxes(tensor.info().shape, lead);
    TensorPlane plane;
    plane.rows = std::min(axes.rows, limit);
    plane.columns = std::min(axes.columns, limit);
    plane.slice = axes.text;
    plane.values.resize(plane.rows * plane.columns);
    std::vector<float> row(axes.columns);
    for (std::size_t y = 0; y < plane.rows; ++y) {
        const std::size_t sourceRow = y * axes.rows / plane.rows;
        decode(tensor.view(), axes.offset + sourceRow * axes.columns, std::span<float>(row));
        for (std::size_t x = 0; x < plane.columns; ++x) {
            plane.values[y * plane.columns + x] = row[x * axes.columns / plane.columns];
        }
    }
    return plane;
}

ValueInterval intervalOf(std::span<const float> first, std::span<const float> second)
{
    bool any = false;
    ValueInterval interval;
    for (const auto part : {first, second}) {
        for (const float value : part) {
            if (!std::isfinite(value)) {
                continue;
            }
            interval.low = any ? std::min(interval.low, value) : value;
            interval.high = any ? std::max(interval.high, value) : value;
            any = true;
        }
    }
    return interval;
}

Image drawPlane(const TensorPlane &plane, ValueInterval interval, ColorMap map, std::size_t size)
{
    const auto &table = colorTable(map);
    const double width = double{interval.high} - double{interval.low};
    const std::size_t longest = std::max({plane.rows, plane.columns, std::size_t{1}});
    const std::size_t zoom = std::max<std::size_t>(1, size / longest);
    // A vector is drawn as a band, or it would be a hairline.
    const std::size_t tall = plane.rows == 1 ? std::max<std::size_t>(zoom, 12) : zoom;
    Image image{plane.columns * zoom, plane.rows * tall, {}};
    image.rgb.reserve(image.width * image.height * 3);
    for (std::size_t y = 0; y < image.height; ++y) {
        for (std::size_t x = 0; x < image.width; ++x) {
            const float value = plane.values[y / tall * plane.columns + x / zoom];
            Rgb color = kNonfiniteColor;
            if (std::isfinite(value)) {
                const double position =
                    width > 0.0 ? (double{value} - double{interval.low}) / width : 0.5;
                color = table[static_cast<std::size_t>(
                    std::lround(std::clamp(position, 0.0, 1.0) * 255.0))];
            }
            image.rgb.insert(image.rgb.end(), {color.red, color.green, color.blue});
        }
    }
    return image;
}

} // namespace syncpoint
