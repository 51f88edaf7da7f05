#include "viewers/tensor/scatter_plot.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace syncpoint {

PairDensity densityOf(std::span<const float> first, std::span<const float> second,
                      const ValueRange &range)
{
    constexpr std::size_t kMostPairs = std::size_t{1} << 20U;
    PairDensity density;
    density.range = range;
    const std::size_t count = std::min(first.size(), second.size());
    // Odd, so that it does not fall in step with the usual powers of two.
    density.stride = count <= kMostPairs ? 1 : count / kMostPairs | 1U;
    const double scale = PairDensity::kSide / (range.high - range.low);
    const auto place = [&](float value) {
        return std::clamp(static_cast<int>((double{value} - range.low) * scale), 0,
                          PairDensity::kSide - 1);
    };
    for (std::size_t i = 0; i < count; i += density.stride) {
        if (std::isfinite(first[i]) && std::isfinite(second[i])) {
            const int row = PairDensity::kSide - 1 - place(second[i]);
            ++density.counts[static_cast<std::size_t>(row * PairDensity::kSide + place(first[i]))];
        }
    }
    return density;
}

ScatterPlot::ScatterPlot(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setAccessibleName(tr("Candidate against baseline"));
}

void ScatterPlot::setDensity(PairDensity density)
{
    m_density = std::move(density);
    update();
}

void ScatterPlot::paintEvent(QPaintEvent * /*event*/)
{
    constexpr double kMargin = 20.0;
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Surface));
    const double side = std::min(width(), height()) - 2.0 * kMargin;
    const QRectF area((width() - side) / 2.0, (height() - side) / 2.0, side, side);
    const std::uint32_t most = *std::max_element(m_density.counts.begin(), m_density.counts.end());
    QImage image(PairDensity::kSide, PairDensity::kSide, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    const QColor ink = m_theme.color(Theme::Role::Candidate);
    for (int row = 0; row < PairDensity::kSide; ++row) {
        for (int column = 0; column < PairDensity::kSide; ++column) {
            const auto count =
                m_density.counts[static_cast<std::size_t>(row * PairDensity::kSide + column)];
            if (count > 0) { // even a single pair must be seen
                const double share = std::log1p(count) / std::log1p(most);
                QColor color = ink;
                color.setAlphaF(static_cast<float>(0.25 + 0.75 * share));
                image.setPixelColor(column, row, color);
            }
        }
    }
    painter.setPen(QPen(m_theme.color(Theme::Role::TextMuted), 1, Qt::DashLine));
    painter.drawLine(area.bottomLeft(), area.topRight());
    painter.drawImage(area, image);
    painter.setPen(m_theme.color(Theme::Role::Separator));
    painter.drawRect(area);
    painter.setFont(m_theme.monoFont());
    painter.setPen(m_theme.color(Theme::Role::TextMuted));
    const auto number = [](double value) { return QString::number(value, 'g', 3); };
    const QRectF below(area.left(), area.bottom(), area.width(), kMargin);
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, number(m_density.range.low));
    painter.drawText(below, Qt::AlignCenter, tr("A"));
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, number(m_density.range.high));
    const QRectF above(area.left(), area.top() - kMargin, area.width(), kMargin);
    painter.drawText(above, Qt::AlignLeft | Qt::AlignVCenter, tr("B up"));
    if (m_density.stride > 1) {
        painter.drawText(above, Qt::AlignRight | Qt::AlignVCenter,
                         tr("every %1th element").arg(m_density.stride));
    }
}

} // namespace syncpoint
