#include "viewers/tensor/color_planes.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {

std::optional<std::size_t> guessColorAxis(std::span<const std::int64_t> shape,
                                          const PlaneAxes &axes)
{
    const std::size_t first = std::min(axes.row, axes.column);
    const std::size_t last = std::max(axes.row, axes.column);
    const auto isColor = [shape](std::size_t axis) {
        return axis < shape.size() && (shape[axis] == 3 || shape[axis] == 4);
    };
    if (first == last) {
        return std::nullopt;
    }
    if (isColor(last + 1)) {
        return last + 1;
    }
    return first > 0 && isColor(first - 1) ? std::optional(first - 1) : std::nullopt;
}

std::array<Plane, 3> extractColors(std::span<const float> data, std::span<const std::int64_t> shape,
                                   PlaneAxes axes)
{
    std::array<Plane, 3> planes;
    for (std::size_t channel = 0; channel < planes.size(); ++channel) {
        axes.fixed[*axes.color] = static_cast<std::int64_t>(channel);
        planes[channel] = extractPlane(data, shape, axes);
    }
    return planes;
}

Plane largestOf(std::array<Plane, 3> planes)
{
    Plane largest = planes[0];
    std::vector<float> values(planes[0].values.begin(), planes[0].values.end());
    for (const Plane *plane : {&planes[1], &planes[2]}) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            const float value = plane->values[i];
            values[i] =
                std::abs(value) > std::abs(values[i]) || std::isnan(value) ? value : values[i];
        }
    }
    largest.own(std::move(values));
    return largest;
}

} // namespace syncpoint
