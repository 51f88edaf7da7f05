#include "viewers/charts/chart_style.h"

#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <QGraphicsSimpleTextItem>
#include <algorithm>
#include <array>
#include <cmath>

namespace syncpoint {
namespace {

void styleAxis(QAbstractAxis *axis, const Theme &theme)
{
    axis->setLabelsColor(theme.color(Theme::Role::TextMuted));
    axis->setLabelsFont(theme.monoFont());
    axis->setTitleFont(theme.textFont());
    axis->setTitleBrush(theme.color(Theme::Role::TextMuted));
    axis->setGridLineColor(theme.color(Theme::Role::Separator));
    axis->setLinePenColor(theme.color(Theme::Role::Separator));
}

/// Where a name of this size may stand, best first: right, left, above, below its point.
std::array<QRectF, 4> placesBeside(const QPointF &point, const QSizeF &size)
{
    constexpr double kGap = 10.0; ///< more than the radius of the largest point
    const QPointF middle(size.width() / 2.0, size.height() / 2.0);
    return {QRectF({point.x() + kGap, point.y() - middle.y()}, size),
            QRectF({point.x() - kGap - size.width(), point.y() - middle.y()}, size),
            QRectF({point.x() - middle.x(), point.y() - kGap - size.height()}, size),
            QRectF({point.x() - middle.x(), point.y() + kGap}, size)};
}

} // namespace

QChart *makeChart(const QString &title, const Theme &theme)
{
    auto *chart = new QChart;
    chart->setTitle(title);
    QFont bold = theme.textFont();
    bold.setBold(true);
    chart->setTitleFont(bold);
    chart->setTitleBrush(theme.color(Theme::Role::Text));
    chart->setBackgroundBrush(theme.color(Theme::Role::Surface));
    chart->setBackgroundRoundness(0);
    chart->setMargins({4, 4, 4, 4});
    chart->legend()->setLabelColor(theme.color(Theme::Role::Text));
    chart->legend()->setAlignment(Qt::AlignBottom);
    chart->legend()->setFont(theme.textFont());
    return chart;
}

void attachAxes(QChart *chart, QAbstractAxis *horizontal, QAbstractAxis *vertical,
                const Theme &theme)
{
    styleAxis(horizontal, theme);
    styleAxis(vertical, theme);
    chart->addAxis(horizontal, Qt::AlignBottom);
    chart->addAxis(vertical, Qt::AlignLeft);
    for (QAbstractSeries *series : chart->series()) {
        series->attachAxis(horizontal);
        series->attachAxis(vertical);
    }
}
void setRoundTicks(QValueAxis &axis)
{
    constexpr double kTicks = 5.0;
    const double step = (axis.max() - axis.min()) / kTicks;
    const double power = std::pow(10.0, std::floor(std::log10(step)));
    const double ratio = step / power;
    axis.setTickType(QValueAxis::TicksDynamic);
    axis.setTickAnchor(0.0);
    axis.setTickInterval(power * (ratio < 1.5   ? 1.0
                                  : ratio < 3.5 ? 2.0
                                  : ratio < 7.5 ? 5.0
                                                : 10.0));
}

void keepNamesReadable(QChart *chart, QBarCategoryAxis *axis, const QStringList &names)
{
    constexpr double kMostOfWidth = 0.45;
    constexpr double kGap = 16.0;       ///< around names and titles
    constexpr double kAboveAll = 100.0; ///< the chart's own items have small numbers
    axis->setLabelsVisible(false);
    QList<QGraphicsSimpleTextItem *> labels;
    for (const QString &name : names) {
        auto *label = new QGraphicsSimpleTextItem(chart);
        label->setFont(axis->labelsFont());
        label->setBrush(axis->labelsColor());
        label->setZValue(kAboveAll);
        label->setToolTip(name);
        labels << label;
    }
    const auto fit = [chart, names, labels, font = axis->labelsFont()] {
        const QFontMetricsF metrics(font);
        double widest = 0.0;
        for (const QString &name : names) {
            widest = std::max(widest, std::ceil(metrics.horizontalAdvance(name)));
        }
        const QSizeF size = chart->size();
        const double room = std::min(widest, kMostOfWidth * size.width());
        const double line = metrics.height();
        const QRectF plot(
            QPointF(room + 2.0 * kGap, line + 2.0 * kGap),
            QPointF(size.width() - 2.0 * kGap, size.height() - 3.0 * line - 3.0 * kGap));
        chart->setPlotArea(plot);
        const double step =
            plot.height() / static_cast<double>(std::max<qsizetype>(1, names.size()));
        for (qsizetype i = 0; i < names.size(); ++i) {
            labels[i]->setText(metrics.elidedText(names[i], Qt::ElideMiddle, room));
            const double middle = plot.bottom() - (static_cast<double>(i) + 0.5) * step;
            labels[i]->setPos(plot.left() - kGap / 2.0 - labels[i]->boundingRect().width(),
                              middle - labels[i]->boundingRect().height() / 2.0);
        }
    };
    QObject::connect(chart, &QChart::geometryChanged, axis, fit);
}

void keepPointNamesApart(QChart *chart, const QList<PointName> &names, const QFont &font)
{
    constexpr double kAboveAll = 100.0, kRadius = 5.0;
    QList<QGraphicsSimpleTextItem *> labels;
    for (const PointName &name : names) {
        auto *label = new QGraphicsSimpleTextItem(name.text, chart);
        label->setFont(font);
        label->setBrush(name.color);
        label->setZValue(kAboveAll);
        labels << label;
    }
    const auto place = [chart, names, labels](const QRectF &plot) {
        QList<QRectF> taken;
        QList<QPointF> points;
        for (const PointName &name : names) {
            points << chart->mapToPosition(name.series->at(0), name.series);
            taken << QRectF(points.back(), QSizeF()).adjusted(-kRadius, -kRadius, kRadius, kRadius);
        }
        for (qsizetype i = 0; i < labels.size(); ++i) {
            const auto places = placesBeside(points[i], labels[i]->boundingRect().size());
            const auto *const found =
                std::find_if(places.begin(), places.end(), [&](const QRectF &rect) {
                    return plot.contains(rect) &&
                           std::none_of(taken.begin(), taken.end(), [&rect](const QRectF &other) {
                               return other.intersects(rect);
                           });
                });
            labels[i]->setVisible(found != places.end());
            if (found != places.end()) {
                labels[i]->setPos(found->topLeft());
                taken << *found;
            }
        }
    };
    QObject::connect(chart, &QChart::plotAreaChanged, chart, place);
}

} // namespace syncpoint
