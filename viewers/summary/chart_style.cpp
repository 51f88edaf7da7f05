#include "viewers/summary/chart_style.h"

#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <algorithm>
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

/// Names beside the bars in at most `width` pixels, middles left out. A category axis drops equal
/// labels, so these get invisible spaces.
QStringList fittedNames(const QStringList &names, const QFont &font, double width)
{
    const QFontMetricsF metrics(font);
    QStringList fitted;
    for (const QString &name : names) {
        QString text = metrics.elidedText(name, Qt::ElideMiddle, width);
        while (fitted.contains(text)) {
            text += QChar(0x200B);
        }
        fitted << text;
    }
    return fitted;
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
    constexpr double kGap = 16.0; ///< around names and titles
    const auto fit = [chart, axis, names] {
        const QFont font = axis->labelsFont();
        const QFontMetricsF metrics(font);
        double widest = 0.0;
        for (const QString &name : names) {
            widest = std::max(widest, std::ceil(metrics.horizontalAdvance(name)));
        }
        const QSizeF size = chart->size();
        const double room = std::min(widest, kMostOfWidth * size.width());
        const double line = metrics.height();
        axis->setCategories(fittedNames(names, font, room));
        chart->setPlotArea(
            QRectF(QPointF(room + 2.0 * kGap, line + 2.0 * kGap),
                   QPointF(size.width() - 2.0 * kGap, size.height() - 3.0 * line - 3.0 * kGap)));
    };
    QObject::connect(chart, &QChart::geometryChanged, axis, fit);
}
} // namespace syncpoint
