#include "viewers/tensor/plane_render.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {
namespace {

constexpr double kLogFloor = 1e-6; ///< smallest share of the range that a log scale tells apart
constexpr double kGamma = 0.5;     ///< spreads the low end of the range

QRgb toQRgb(const Rgb &color)
{
    return qRgb(color.red, color.green, color.blue);
}

} // namespace

double mapPosition(double value, const ValueRange &range, ValueScale scale)
{
    const double span = range.high - range.low;
    if (!(span > 0.0)) {
        return std::isnan(value) ? value : 0.5;
    }
    double position = (value - range.low) / span;
    if (scale == ValueScale::Logarithmic) {
        position = 1.0 - std::log(std::max(position, kLogFloor)) / std::log(kLogFloor);
    } else if (scale == ValueScale::SymmetricLogarithmic) {
        const double reach = std::max(std::abs(range.low), std::abs(range.high));
        const double magnitude =
            1.0 - std::log(std::max(std::abs(value) / reach, kLogFloor)) / std::log(kLogFloor);
        position = 0.5 + 0.5 * std::copysign(std::min(magnitude, 1.0), value);
    } else if (scale == ValueScale::Gamma) {
        position = std::pow(std::max(position, 0.0), kGamma);
    }
    return std::isnan(value) ? value : std::clamp(position, 0.0, 1.0);
}

Rgb colorOf(float value, const PlaneColors &colors)
{
    if (!std::isfinite(value)) {
        return kNonfiniteColor;
    }
    if (colors.marksOutside && double{value} < colors.range.low) {
        return kBelowColor;
    }
    if (colors.marksOutside && double{value} > colors.range.high) {
        return kAboveColor;
    }
    if (colors.marksNegative && value < 0.0F) {
        return kNegativeColor;
    }
    const double position = mapPosition(double{value}, colors.range, colors.scale);
    return colorTable(colors.map)[static_cast<std::size_t>(std::lround(position * 255.0))];
}

QImage renderColors(const std::array<std::span<const float>, 3> &channels, std::size_t columns,
                    const PlaneColors &colors)
{
    const std::size_t rows = columns == 0 ? 0 : channels[0].size() / columns;
    QImage image(static_cast<int>(columns), static_cast<int>(rows), QImage::Format_RGB32);
    const double span = colors.range.high - colors.range.low;
    const std::pair<double, double> ranged =
        span > 0.0 ? std::pair(1.0 / span, -colors.range.low / span) : std::pair(0.0, 0.5);
    for (std::size_t row = 0; row < rows; ++row) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(static_cast<int>(row)));
        for (std::size_t column = 0; column < columns; ++column) {
            std::array<int, 3> pixel{};
            bool isFinite = true;
            for (std::size_t c = 0; c < pixel.size(); ++c) {
                const double value = double{channels[c][row * columns + column]};
                isFinite = isFinite && std::isfinite(value);
                const auto &[factor, offset] = colors.levels ? (*colors.levels)[c] : ranged;
                pixel[c] = isFinite ? static_cast<int>(std::lround(
                                          255.0 * std::clamp(value * factor + offset, 0.0, 1.0)))
                                    : 0;
            }
            line[column] = isFinite ? qRgb(pixel[0], pixel[1], pixel[2]) : toQRgb(kNonfiniteColor);
        }
    }
    return image;
}

QImage renderPlane(std::span<const float> values, std::size_t columns, const PlaneColors &colors)
{
    const std::size_t rows = columns == 0 ? 0 : values.size() / columns;
    QImage image(static_cast<int>(columns), static_cast<int>(rows), QImage::Format_RGB32);
    const auto &table = colorTable(colors.map);
    const auto low = static_cast<float>(colors.range.low);
    const auto span = static_cast<float>(colors.range.high - colors.range.low);
    // Dragging the range paints millions of values per second: the usual case goes without the
    // double arithmetic and the calls of the general one.
    const bool isPlain = colors.scale == ValueScale::Linear && !colors.marksOutside &&
                         !colors.marksNegative && span > 0.0F && std::isfinite(span);
    for (std::size_t row = 0; row < rows; ++row) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(static_cast<int>(row)));
        for (std::size_t column = 0; column < columns; ++column) {
            const float value = values[row * columns + column];
            if (isPlain && std::isfinite(value)) {
                const float position = std::clamp((value - low) / span, 0.0F, 1.0F);
                line[column] = toQRgb(table[static_cast<std::size_t>(position * 255.0F + 0.5F)]);
            } else {
                line[column] = toQRgb(colorOf(value, colors));
            }
        }
    }
    return image;
}

} // namespace syncpoint
