#pragma once
#include "compare/report/color_map.h"
#include "viewers/tensor/value_range.h"

#include <QImage>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace syncpoint {

/// How values are spread over the colour map.
enum class ValueScale { Linear, Logarithmic, SymmetricLogarithmic, Gamma };

/// How values become colours.
struct PlaneColors
{
    ValueRange range;
    ColorMap map = ColorMap::Viridis;
    ValueScale scale = ValueScale::Linear;
    bool marksOutside = false;  ///< values beyond the range in colours that no map has
    bool marksNegative = false; ///< values below zero in one colour
    /// Of colour pictures: what a value is multiplied by and then raised by to become 0 to 1, per
    /// channel; nothing takes `range`.
    std::optional<std::array<std::pair<double, double>, 3>> levels;
    bool operator==(const PlaneColors &) const = default;
};

/// NaN and infinities get kNonfiniteColor, which no setting hides.
inline constexpr Rgb kBelowColor{0, 120, 255};
inline constexpr Rgb kAboveColor{255, 110, 0};
inline constexpr Rgb kNegativeColor{0, 200, 220};

/// Position of `value` in the colour map, 0 to 1, clamped; NaN stays NaN.
double mapPosition(double value, const ValueRange &range, ValueScale scale);
Rgb colorOf(float value, const PlaneColors &colors);
/// One pixel per value; `values` are row-major and fill whole rows of `columns`.
QImage renderPlane(std::span<const float> values, std::size_t columns, const PlaneColors &colors);

/// The same from red, green and blue; a cell with a channel that is not finite gets
/// kNonfiniteColor.
QImage renderColors(const std::array<std::span<const float>, 3> &channels, std::size_t columns,
                    const PlaneColors &colors);

} // namespace syncpoint
