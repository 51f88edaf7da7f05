#include "viewers/inspector/scale_plot.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace syncpoint {

QImage plotScales(const Quantization &quantization, const Theme &theme, int width, double ratio)
{
    constexpr int kHeight = 12 * Theme::kGrid;
    const auto pixel = [ratio](int length) {
        return static_cast<int>(std::lround(length * ratio));
    };
    QImage image(pixel(width), pixel(kHeight), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(theme.color(Theme::Role::Surface));
    QPainter painter(&image);
    painter.fillRect(QRectF(0, kHeight - 1, width, 1), theme.color(Theme::Role::Separator));

    double highest = 0.0;
    for (const double scale : quantization.scales) {
        highest = std::isfinite(scale) ? std::max(highest, std::abs(scale)) : highest;
    }
    if (highest <= 0.0) {
        return image;
    }
    // More channels than columns: each column shows the largest scale that falls into it.
    const std::size_t channels = quantization.scales.size();
    const std::size_t columns = std::min(channels, static_cast<std::size_t>(width));
    const double step = static_cast<double>(width) / static_cast<double>(columns);
    for (std::size_t column = 0; column < columns; ++column) {
        double tallest = 0.0;
        for (std::size_t i = column * channels / columns; i < (column + 1) * channels / columns;
             ++i) {
            const double scale = std::abs(quantization.scales[i]);
            tallest = std::isfinite(scale) ? std::max(tallest, scale) : tallest;
        }
        const double height = (kHeight - 2) * tallest / highest;
        painter.fillRect(QRectF(static_cast<double>(column) * step, kHeight - 1 - height,
                                std::max(1.0, step - 1.0), height),
                         theme.color(Theme::Role::Candidate));
    }
    return image;
}

} // namespace syncpoint
