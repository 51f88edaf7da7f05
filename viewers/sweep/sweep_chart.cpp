#include "viewers/sweep/sweep_chart.h"

#include "compare/sweep/sweep_table.h"
#include "ui/models/sweep_model.h"
#include "ui/theme/theme.h"
#include "viewers/charts/chart_style.h"

#include <QCursor>
#include <QToolTip>
#include <QtCharts/QLineSeries>
#include <QtCharts/QLogValueAxis>
#include <QtCharts/QScatterSeries>
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace syncpoint {

namespace {
struct Mark
{
    int row = 0;
    double cost = 0.0;
    std::optional<double> quality; ///< nothing: no difference at all, or a baseline without one
};

struct Span
{
    double low = 1e-6, high = 1.0; ///< of no values: a range that both kinds of axes take
};

std::optional<double> costOf(const SweepRow &row, SweepCost cost)
{
    constexpr double kMega = 1e6, kMilli = 1e3;
    if (cost == SweepCost::Size) {
        return row.bytes ? std::optional(static_cast<double>(*row.bytes) / kMega) : std::nullopt;
    }
    return row.latency ? std::optional(*row.latency / kMilli) : std::nullopt;
}

/// Errors span powers of ten: they are told apart on a logarithmic axis only.
bool areErrors(const SweepOverview &overview)
{
    return std::any_of(overview.rows.begin(), overview.rows.end(), [](const SweepRow &row) {
        return row.quality && !row.quality->higherIsBetter;
    });
}

std::vector<Mark> marksOf(const SweepOverview &overview, SweepCost cost, bool isLogarithmic)
{
    std::vector<Mark> marks;
    for (std::size_t i = 0; i < overview.rows.size(); ++i) {
        const SweepRow &row = overview.rows[i];
        const auto amount = costOf(row, cost);
        if (!amount || (!row.quality && !row.isBaseline)) {
            continue;
        }
        Mark mark{static_cast<int>(i), *amount, std::nullopt};
        if (row.quality && (!isLogarithmic || row.quality->value.value_or(0.0) > 0.0)) {
            mark.quality = row.quality->value;
        }
        marks.push_back(mark);
    }
    return marks;
}

Span qualitySpan(const std::vector<Mark> &marks)
{
    std::vector<double> values;
    for (const Mark &mark : marks) {
        if (mark.quality) {
            values.push_back(*mark.quality);
        }
    }
    if (values.empty()) {
        return {};
    }
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return {*low, *high};
}

/// A point as a series of its own, with a size and a tooltip of its own.
QScatterSeries *makeMark(const SweepRow &row, const Mark &mark, double level, bool isChosen,
                         const Theme &theme)
{
    constexpr qreal kSize = 10.0, kChosenSize = 15.0;
    auto *series = new QScatterSeries;
    series->append(mark.cost, level);
    series->setMarkerSize(isChosen ? kChosenSize : kSize);
    series->setMarkerShape(row.isBaseline ? QScatterSeries::MarkerShapeRectangle
                                          : QScatterSeries::MarkerShapeCircle);
    series->setColor(theme.color(row.isBaseline ? Theme::Role::Baseline : Theme::Role::Candidate));
    series->setBorderColor(isChosen ? theme.color(Theme::Role::Text) : Qt::transparent);
    QObject::connect(series, &QXYSeries::hovered, series,
                     [text = sweepRowText(row)](const QPointF &, bool isOver) {
                         QToolTip::showText(QCursor::pos(), isOver ? text : QString());
                     });
    return series;
}

/// Its first point is where its name stands.
QLineSeries *addBaselineLine(QChart *chart, double cost, const Span &span, const Theme &theme)
{
    constexpr double kOfName = 0.03; // of the height, away from the edge
    auto *line = new QLineSeries;
    line->append(cost, span.low + (1.0 - kOfName) * (span.high - span.low));
    line->append(cost, span.low);
    line->append(cost, span.high);
    line->setPen(QPen(theme.color(Theme::Role::Baseline), 1, Qt::DashLine));
    chart->addSeries(line);
    return line;
}

QAbstractAxis *makeQualityAxis(const SweepOverview &overview, const Span &span, bool isLogarithmic,
                               QChart *chart)
{
    const QString title = QString::fromStdString(qualityTitle(overview));
    if (isLogarithmic) {
        auto *axis = new QLogValueAxis(chart);
        axis->setBase(10.0);
        axis->setRange(span.low, span.high);
        axis->setLabelFormat(QStringLiteral("%.0e"));
        axis->setReverse(true); // up is better, as in every other chart
        axis->setTitleText(title);
        return axis;
    }
    auto *axis = new QValueAxis(chart);
    axis->setRange(span.low, span.high);
    setRoundTicks(*axis);
    axis->setLabelFormat(QStringLiteral("%.4g"));
    axis->setTitleText(title);
    return axis;
}

/// Room around the marks, and for those without any difference above the others.
Span padded(Span span, bool isLogarithmic)
{
    if (isLogarithmic) {
        return {std::pow(10.0, std::floor(std::log10(span.low) - 0.5)),
                std::pow(10.0, std::ceil(std::log10(span.high)))};
    }
    const double margin =
        std::max(0.12 * (span.high - span.low), 0.02 * std::abs(span.high) + 1e-9);
    return {span.low - margin, span.high + 2.0 * margin};
}
} // namespace

QChart *makeSweepChart(const SweepOverview &overview, SweepCost cost, int chosen,
                       const Theme &theme, std::function<void(int)> clicked)
{
    const bool isSize = cost == SweepCost::Size;
    QChart *chart = makeChart(isSize ? QObject::tr("Quality against size")
                                     : QObject::tr("Quality against latency"),
                              theme);
    chart->legend()->hide();
    const bool isLogarithmic = areErrors(overview);
    const auto marks = marksOf(overview, cost, isLogarithmic);
    if (marks.empty()) {
        chart->setTitle(isSize ? QObject::tr("No variant has both a size and a quality")
                               : QObject::tr("No variant has both a latency and a quality"));
        return chart;
    }
    const Span span = padded(qualitySpan(marks), isLogarithmic);
    const double best = isLogarithmic ? span.low * 1.5 : span.high - (span.high - span.low) * 0.06;
    double most = 0.0;
    const auto variants = variantNames(overview);
    QList<PointName> names;
    for (const Mark &mark : marks) {
        const SweepRow &row = overview.rows[static_cast<std::size_t>(mark.row)];
        most = std::max(most, mark.cost);
        const bool isChosen = mark.row == chosen;
        QXYSeries *series = nullptr;
        if (row.isBaseline && !mark.quality) {
            series = addBaselineLine(chart, mark.cost, span, theme);
        } else {
            series = makeMark(row, mark, mark.quality.value_or(best), isChosen, theme);
            QObject::connect(series, &QXYSeries::clicked, chart,
                             [clicked, index = mark.row](const QPointF &) { clicked(index); });
            chart->addSeries(series);
        }
        const PointName name{series,
                             QString::fromStdString(variants[static_cast<std::size_t>(mark.row)]),
                             theme.color(isChosen ? Theme::Role::Text : Theme::Role::TextMuted)};
        names.insert(isChosen ? 0 : names.size(), name); // the chosen one's is never left out
    }
    auto *amount = new QValueAxis(chart);
    constexpr double kRoom = 1.15; // the names of the last points
    amount->setRange(0.0, kRoom * std::max(most, 1e-9));
    setRoundTicks(*amount);
    amount->setLabelFormat(QStringLiteral("%.4g"));
    amount->setTitleText(isSize ? QObject::tr("size (MB)") : QObject::tr("latency (ms)"));
    attachAxes(chart, amount, makeQualityAxis(overview, span, isLogarithmic, chart), theme);
    keepPointNamesApart(chart, names, theme.textFont());
    return chart;
}

} // namespace syncpoint
