#include "viewers/tensor/range_bar.h"

#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {
constexpr double kLabelHeight = 16.0;
}

RangeBar::RangeBar(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Colour range"));
    setAccessibleDescription(tr("Histograms of both tensors with the range of the colour map"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void RangeBar::setGrid(const std::optional<QuantizationGrid> &grid)
{
    m_grid = grid;
    setToolTip(grid ? tr("Steps of %1 from %2 to %3 in the candidate")
                          .arg(QString::number(grid->step, 'g', 4),
                               QString::number(grid->range.low, 'g', 4),
                               QString::number(grid->range.high, 'g', 4))
                    : QString());
    update();
}

void RangeBar::setHistograms(Histogram reference, Histogram candidate)
{
    m_reference = std::move(reference);
    m_candidate = std::move(candidate);
    setRange(m_range);
}

void RangeBar::setRange(const ValueRange &range)
{
    m_range = range;
    m_shown = {std::min(m_reference.range.low, range.low),
               std::max(m_reference.range.high, range.high)};
    update();
}

void RangeBar::applyPreset(RangePreset preset)
{
    setRange(
        presetRange(preset, m_reference.counts.empty() ? m_candidate : m_reference, m_candidate));
}

QRectF RangeBar::plot() const
{
    return QRectF(rect()).adjusted(8, 2, -8, -kLabelHeight);
}

double RangeBar::toX(double value) const
{
    return plot().left() + (value - m_shown.low) / (m_shown.high - m_shown.low) * plot().width();
}

double RangeBar::toValue(double x) const
{
    const double position = std::clamp((x - plot().left()) / plot().width(), 0.0, 1.0);
    return m_shown.low + position * (m_shown.high - m_shown.low);
}

void RangeBar::paintHistogram(QPainter &painter, const Histogram &histogram,
                              const QColor &color) const
{
    if (histogram.counts.empty()) {
        return;
    }
    // Logarithmic height: a peak at zero would flatten everything else.
    const auto height = [](std::uint64_t count) { return std::log1p(static_cast<double>(count)); };
    const double highest = height(std::max<std::uint64_t>(
        1, *std::max_element(histogram.counts.begin(), histogram.counts.end())));
    const double width =
        (histogram.range.high - histogram.range.low) / static_cast<double>(histogram.counts.size());
    const double base = plot().bottom();
    QPolygonF outline{{toX(histogram.range.low), base}};
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        const double y = base - height(histogram.counts[i]) / highest * plot().height();
        outline << QPointF(toX(histogram.range.low + static_cast<double>(i) * width), y)
                << QPointF(toX(histogram.range.low + static_cast<double>(i + 1) * width), y);
    }
    outline << QPointF(toX(histogram.range.high), base);
    QColor fill = color;
    fill.setAlpha(60);
    painter.setPen(QPen(color, 1));
    painter.setBrush(fill);
    painter.drawPolygon(outline);
}

void RangeBar::paintGrid(QPainter &painter) const
{
    constexpr double kClosest = 8.0; // pixels between two marks; nearer ones look like a fence
    if (!m_grid) {
        return;
    }
    const QRectF area = plot();
    const double low = std::max(m_shown.low, m_grid->range.low);
    const double high = std::min(m_shown.high, m_grid->range.high);
    if (toX(m_shown.low + m_grid->step) - toX(m_shown.low) >= kClosest) {
        QColor faint = m_theme.color(Theme::Role::Text);
        faint.setAlpha(60);
        painter.setPen(QPen(faint, 1));
        for (double level = std::ceil(low / m_grid->step); level * m_grid->step <= high; ++level) {
            const double x = toX(level * m_grid->step);
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        }
    }
    painter.setPen(QPen(m_theme.color(Theme::Role::Candidate), 2, Qt::DotLine));
    for (const double end : {m_grid->range.low, m_grid->range.high}) {
        if (end >= m_shown.low && end <= m_shown.high) {
            painter.drawLine(QPointF(toX(end), area.top()), QPointF(toX(end), area.bottom()));
        }
    }
}

void RangeBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Surface));
    paintHistogram(painter, m_reference, m_theme.color(Theme::Role::Baseline));
    paintHistogram(painter, m_candidate, m_theme.color(Theme::Role::Candidate));
    paintGrid(painter);
    QColor veil = m_theme.color(Theme::Role::Surface);
    veil.setAlpha(170);
    const QRectF area = plot();
    painter.fillRect(QRectF(area.topLeft(), QPointF(toX(m_range.low), area.bottom())), veil);
    painter.fillRect(QRectF(QPointF(toX(m_range.high), area.top()), area.bottomRight()), veil);
    painter.setFont(m_theme.monoFont());
    for (const bool high : {false, true}) {
        const double value = high ? m_range.high : m_range.low;
        const bool active = hasFocus() && high == m_highActive;
        painter.setPen(
            QPen(m_theme.color(active ? Theme::Role::Accent : Theme::Role::Text), active ? 3 : 2));
        painter.drawLine(QPointF(toX(value), area.top()), QPointF(toX(value), area.bottom()));
        painter.setPen(m_theme.color(Theme::Role::Text));
        const QRectF label(0, area.bottom(), width(), kLabelHeight);
        painter.drawText(
            label.adjusted(8, 0, -8, 0),
            static_cast<int>((high ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter),
            QString::number(value, 'g', 5));
    }
}

void RangeBar::mousePressEvent(QMouseEvent *event)
{
    const double x = event->position().x();
    m_highActive = std::abs(x - toX(m_range.high)) <= std::abs(x - toX(m_range.low));
    moveHandle(toValue(x));
}

void RangeBar::mouseMoveEvent(QMouseEvent *event)
{
    if ((event->buttons() & Qt::LeftButton) != 0) {
        moveHandle(toValue(event->position().x()));
    }
}

void RangeBar::keyPressEvent(QKeyEvent *event)
{
    const double step = (m_shown.high - m_shown.low) / 100.0;
    const double value = m_highActive ? m_range.high : m_range.low;
    switch (event->key()) {
    case Qt::Key_Left:
        return moveHandle(value - step);
    case Qt::Key_Right:
        return moveHandle(value + step);
    case Qt::Key_Up:
    case Qt::Key_Down:
        m_highActive = !m_highActive;
        return update();
    case Qt::Key_Home:
        return moveHandle(m_shown.low);
    case Qt::Key_End:
        return moveHandle(m_shown.high);
    default:
        QWidget::keyPressEvent(event);
    }
}

void RangeBar::moveHandle(double value)
{
    const double smallest = (m_shown.high - m_shown.low) * 1e-4; // the handles may meet, not cross
    ValueRange range = m_range;
    if (m_highActive) {
        range.high =
            std::clamp(value, range.low + smallest, std::max(m_shown.high, range.low + smallest));
    } else {
        range.low =
            std::clamp(value, std::min(m_shown.low, range.high - smallest), range.high - smallest);
    }
    m_range = range;
    update();
    Q_EMIT rangeDragged(m_range);
}

} // namespace syncpoint
