#include "viewers/tensor/line_plot.h"

#include "ui/theme/theme.h"
#include "viewers/tensor/value_range.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace syncpoint {
namespace {

constexpr double kLeft = 60.0; ///< for the numbers of the upright axis
constexpr double kBottom = 18.0;
constexpr double kTop = 18.0; ///< for the names of the lines

ValueRange extentOfLines(const std::vector<LinePlot::Line> &lines)
{
    std::vector<float> all;
    for (const auto &line : lines) {
        all.insert(all.end(), line.values.begin(), line.values.end());
    }
    return extentOf(all, {});
}

} // namespace

LinePlot::LinePlot(const Theme &theme, const QString &name, QWidget *parent)
    : QWidget(parent), m_theme(theme)
{
    setAccessibleName(name);
}

void LinePlot::setLines(std::vector<Line> lines)
{
    m_lines = std::move(lines);
    update();
}

void LinePlot::setAxes(const QString &horizontal, const QString &vertical)
{
    m_horizontal = horizontal;
    m_vertical = vertical;
    update();
}

void LinePlot::setEmptyText(const QString &text)
{
    m_emptyText = text;
    update();
}

void LinePlot::setMark(std::optional<std::size_t> index)
{
    m_mark = index;
    update();
}

QRectF LinePlot::plot() const
{
    return QRectF(rect()).adjusted(kLeft, kTop, -8.0, -kBottom);
}

std::size_t LinePlot::longest() const
{
    std::size_t count = 0;
    for (const Line &line : m_lines) {
        count = std::max(count, line.values.size());
    }
    return count;
}

double LinePlot::toX(double index) const
{
    const auto last = static_cast<double>(std::max<std::size_t>(longest(), 2) - 1);
    return plot().left() + index / last * plot().width();
}

void LinePlot::paintLine(QPainter &painter, const Line &line, double low, double high) const
{
    QPolygonF way;
    for (std::size_t i = 0; i < line.values.size(); ++i) {
        const auto value = double{line.values[i]};
        if (!std::isfinite(value)) { // a gap, with a mark where a number should be
            painter.drawPolyline(way);
            way.clear();
            painter.fillRect(QRectF(toX(static_cast<double>(i)) - 1.0, plot().top(), 2.0, 6.0),
                             QColor(255, 0, 255));
            continue;
        }
        way << QPointF(toX(static_cast<double>(i)),
                       plot().bottom() - (value - low) / (high - low) * plot().height());
    }
    if (way.size() == 1) {
        painter.drawEllipse(way.first(), 2.0, 2.0);
    }
    painter.drawPolyline(way);
}

void LinePlot::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Surface));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(m_theme.textFont());
    if (longest() == 0) {
        painter.setPen(m_theme.color(Theme::Role::TextMuted));
        painter.drawText(QRectF(rect()).adjusted(16, 16, -16, -16),
                         Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    const ValueRange extent = extentOfLines(m_lines);
    const QRectF area = plot();
    painter.setPen(m_theme.color(Theme::Role::Separator));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.drawLine(area.bottomLeft(), area.topLeft());
    if (m_mark && *m_mark < longest()) {
        painter.setPen(m_theme.color(Theme::Role::TextMuted));
        const double x = toX(static_cast<double>(*m_mark));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    double x = area.left();
    for (const Line &line : m_lines) {
        painter.setPen(
            QPen(m_theme.color(line.isCandidate ? Theme::Role::Candidate : Theme::Role::Baseline),
                 1.5, line.isCandidate ? Qt::DashLine : Qt::SolidLine));
        paintLine(painter, line, extent.low, extent.high);
        painter.drawText(QPointF(x, 12.0), line.name);
        x += painter.fontMetrics().horizontalAdvance(line.name) + 16.0;
    }
    painter.setFont(m_theme.monoFont());
    painter.setPen(m_theme.color(Theme::Role::TextMuted));
    const auto number = [](double value) { return QString::number(value, 'g', 3); };
    const QRectF left(0.0, area.top() - 8.0, kLeft - 4.0, 16.0);
    painter.drawText(left, Qt::AlignRight | Qt::AlignVCenter, number(extent.high));
    painter.drawText(left.translated(0.0, area.height()), Qt::AlignRight | Qt::AlignVCenter,
                     number(extent.low));
    const QRectF below(area.left(), area.bottom(), area.width(), kBottom);
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("0"));
    painter.drawText(below, Qt::AlignCenter, m_horizontal);
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, QString::number(longest() - 1));
    painter.drawText(QRectF(area.left(), 0.0, area.width(), kTop),
                     Qt::AlignRight | Qt::AlignVCenter, m_vertical);
}

void LinePlot::mousePressEvent(QMouseEvent *event)
{
    if (longest() == 0) {
        return;
    }
    const double share = (event->position().x() - plot().left()) / plot().width();
    Q_EMIT indexClicked(static_cast<std::size_t>(
        std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(longest() - 1))));
}

} // namespace syncpoint
