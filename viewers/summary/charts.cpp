#include "viewers/summary/charts.h"

#include "compare/metric/metric.h"
#include "ui/theme/theme.h"
#include "viewers/summary/module_frontier.h"

#include <QtCharts/QBarCategoryAxis>
#include <QtCharts/QBarSet>
#include <QtCharts/QHorizontalBarSeries>
#include <QtCharts/QLegendMarker>
#include <QtCharts/QLineSeries>
#include <QtCharts/QScatterSeries>
#include <QtCharts/QValueAxis>
#include <algorithm>
#include <array>
#include <cmath>

namespace syncpoint {

namespace {
constexpr double kMostDecibels = 160.0; ///< beyond, a score only says "equal but for rounding"
constexpr std::size_t kMostModules = 12;

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

void styleAxis(QAbstractAxis *axis, const Theme &theme)
{
    axis->setLabelsColor(theme.color(Theme::Role::TextMuted));
    axis->setLabelsFont(theme.monoFont());
    axis->setTitleFont(theme.textFont());
    axis->setTitleBrush(theme.color(Theme::Role::TextMuted));
    axis->setGridLineColor(theme.color(Theme::Role::Separator));
    axis->setLinePenColor(theme.color(Theme::Role::Separator));
}

struct ScoreSpan
{
    double lowest = 0.0, highest = 0.0;
    double exact = 0.0;    ///< where exact pairs stand
    bool hasExact = false; ///< some pair is exact and the metric has no number for that
};

std::optional<double> finiteScore(const PointResult &point, const std::string &metric)
{
    const auto value = point.overall.value(metric);
    return point.overall.state != PairState::Exact && value && std::isfinite(*value)
               ? std::optional(std::min(*value, kMostDecibels))
               : std::nullopt;
}

/// Exact pairs have no finite dB: a line above the finite scores holds them, so that they do not
/// squash the rest.
ScoreSpan spanOf(const ComparisonResult &result, const MetricDescriptor &descriptor)
{
    constexpr double kGap = 0.12;
    ScoreSpan span{result.profile.badBelow, result.profile.okFrom, descriptor.ideal, false};
    if (span.lowest > span.highest) {
        std::swap(span.lowest, span.highest);
    }
    for (const PointResult &point : result.points) {
        if (point.status != PointStatus::Compared) {
            continue;
        }
        span.hasExact |= point.overall.state == PairState::Exact;
        if (const auto score = finiteScore(point, result.config.metric)) {
            span.lowest = std::min(span.lowest, *score);
            span.highest = std::max(span.highest, *score);
        }
    }
    if (!descriptor.higherIsBetter) {
        span.lowest = std::min(span.lowest, descriptor.ideal);
        span.hasExact = false;
    } else if (span.hasExact) {
        span.exact = span.highest + kGap * (span.highest - span.lowest) + 1e-9;
        span.highest = span.exact;
    }
    return span;
}

QScatterSeries *makeSeverityMarkers(Severity severity, const Theme &theme)
{
    auto *series = new QScatterSeries;
    const std::array shapes{QScatterSeries::MarkerShapeCircle, QScatterSeries::MarkerShapeTriangle,
                            QScatterSeries::MarkerShapeRectangle};
    const std::array names{QObject::tr("ok"), QObject::tr("warn"), QObject::tr("bad")};
    series->setName(names[static_cast<std::size_t>(severity)]);
    series->setMarkerShape(shapes[static_cast<std::size_t>(severity)]);
    series->setMarkerSize(8);
    series->setColor(theme.severityColor(severity));
    series->setBorderColor(theme.color(Theme::Role::Surface));
    return series;
}

void addGuide(QChart *chart, double level, double count, const Theme &theme)
{
    auto *line = new QLineSeries;
    line->append(0.0, level);
    line->append(count, level);
    line->setPen(QPen(theme.color(Theme::Role::TextMuted), 1, Qt::DashLine));
    chart->addSeries(line);
    for (QLegendMarker *marker : chart->legend()->markers(line)) {
        marker->setVisible(false);
    }
}

void addExactLine(QChart *chart, double level, double count, const Theme &theme)
{
    auto *line = new QLineSeries;
    line->append(0.0, level);
    line->append(count, level);
    line->setPen(QPen(theme.color(Theme::Role::Separator), 1));
    chart->addSeries(line);
    for (QLegendMarker *marker : chart->legend()->markers(line)) {
        marker->setVisible(false);
    }
    auto *label = new QScatterSeries;   // a point of its own, or both ends would say it
    label->append(0.96 * count, level); // inside the plot
    label->setMarkerSize(1.0);
    label->setColor(Qt::transparent);
    label->setBorderColor(Qt::transparent);
    label->setPointLabelsFormat(QObject::tr("exact"));
    label->setPointLabelsColor(theme.color(Theme::Role::TextMuted));
    label->setPointLabelsFont(theme.textFont());
    label->setPointLabelsVisible(true);
    label->setPointLabelsClipping(false);
    chart->addSeries(label);
    for (QLegendMarker *marker : chart->legend()->markers(label)) {
        marker->setVisible(false);
    }
}

/// About five ticks at 1, 2 or 5 times a power of ten, without widening the range.
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
} // namespace

namespace {
/// The end of a path tells modules apart; labels of bars must differ.
QString tailOf(const QString &path, const QStringList &taken)
{
    constexpr qsizetype kMost = 13; // what fits beside the bars
    const QString tail = QChar(0x2026) + path.right(kMost - 1);
    return path.size() <= kMost || taken.contains(tail) ? path : tail;
}
} // namespace

QChart *makeScoreChart(const ComparisonResult &result, const Theme &theme,
                       std::function<void(SyncPointId)> clicked)
{
    const auto metric = metricIndex(result.config.metric);
    const MetricDescriptor descriptor = builtinMetrics()[metric.value_or(0)]->descriptor();
    const QString name =
        QString::fromUtf8(descriptor.name.data(), static_cast<qsizetype>(descriptor.name.size()));
    const QString unit =
        QString::fromUtf8(descriptor.unit.data(), static_cast<qsizetype>(descriptor.unit.size()));
    QChart *chart = makeChart(QObject::tr("%1 over execution order").arg(name), theme);
    std::array<QScatterSeries *, 3> series{};
    for (const Severity severity : {Severity::Ok, Severity::Warn, Severity::Bad}) {
        auto *&markers = series[static_cast<std::size_t>(severity)];
        markers = makeSeverityMarkers(severity, theme);
        QObject::connect(markers, &QScatterSeries::clicked, chart, [clicked](const QPointF &at) {
            clicked(SyncPointId{static_cast<std::size_t>(std::lround(at.x()))});
        });
    }
    const ScoreSpan span = spanOf(result, descriptor);
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        const PointResult &point = result.points[i];
        if (point.status != PointStatus::Compared) {
            continue;
        }
        const auto value = point.overall.state == PairState::Exact
                               ? std::optional(span.exact)
                               : finiteScore(point, result.config.metric);
        if (value) {
            series[static_cast<std::size_t>(point.severity)]->append(static_cast<double>(i),
                                                                     *value);
        }
    }
    for (QScatterSeries *markers : series) {
        chart->addSeries(markers);
    }
    const auto count = static_cast<double>(result.points.size());
    if (result.profile.metric == result.config.metric) {
        addGuide(chart, result.profile.okFrom, count, theme);
        addGuide(chart, result.profile.badBelow, count, theme);
    }
    if (span.hasExact) {
        addExactLine(chart, span.exact, count, theme);
    }
    auto *order = new QValueAxis(chart);
    order->setRange(0.0, std::max(count, 1.0));
    setRoundTicks(*order);
    order->setLabelFormat(QStringLiteral("%.0f"));
    order->setTitleText(QObject::tr("sync point"));
    auto *score = new QValueAxis(chart);
    const double margin = 0.05 * (span.highest - span.lowest) + 1e-9;
    score->setRange(span.lowest - margin, span.highest + margin);
    setRoundTicks(*score);
    score->setLabelFormat(QStringLiteral("%.4g"));
    score->setTitleText(unit.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, unit));
    attachAxes(chart, order, score, theme);
    return chart;
}

QChart *makeModuleChart(const ComparisonResult &result, const Theme &theme,
                        std::function<void(ModuleId)> clicked)
{
    QChart *chart =
        makeChart(QObject::tr("Introduced error against parameters, per module"), theme);
    auto modules = moduleFrontier(result, kMostModules);
    std::reverse(modules.begin(), modules.end()); // bar charts count from the bottom
    auto *introduced = new QBarSet(QObject::tr("introduced error"));
    auto *parameters = new QBarSet(QObject::tr("parameters"));
    introduced->setColor(theme.color(Theme::Role::Bad));
    parameters->setColor(theme.color(Theme::Role::NotCompared));
    QStringList names;
    double widest = 1.0;
    for (const ModuleScore *score : modules) {
        *introduced << score->introducedShare * 100.0;
        *parameters << score->parameterShare * 100.0;
        widest = std::max({widest, score->introducedShare * 100.0, score->parameterShare * 100.0});
        names << tailOf(QString::fromStdString(result.baseline.graph->module(score->module).path),
                        names);
    }
    auto *series = new QHorizontalBarSeries;
    series->append(parameters);
    series->append(introduced);
    for (QBarSet *set : {introduced, parameters}) {
        set->setBorderColor(Qt::transparent);
        QObject::connect(set, &QBarSet::clicked, chart, [clicked, modules](int index) {
            clicked(modules[static_cast<std::size_t>(index)]->module);
        });
    }
    chart->addSeries(series);
    auto *share = new QValueAxis(chart);
    share->setRange(0.0, widest * 1.05);
    share->setLabelFormat(QStringLiteral("%.0f"));
    share->setTitleText(QObject::tr("% of the model"));
    auto *categories = new QBarCategoryAxis(chart);
    categories->append(names);
    attachAxes(chart, share, categories, theme);
    return chart;
}

} // namespace syncpoint
