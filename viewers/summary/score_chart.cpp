#include "viewers/summary/charts.h"

#include "compare/metric/metric.h"
#include "ui/models/display_text.h"
#include "ui/theme/theme.h"
#include "viewers/charts/chart_style.h"

#include <QCursor>
#include <QGuiApplication>
#include <QPainter>
#include <QToolTip>
#include <QtCharts/QLegendMarker>
#include <QtCharts/QLineSeries>
#include <QtCharts/QScatterSeries>
#include <algorithm>
#include <array>
#include <cmath>

namespace syncpoint {

namespace {
constexpr double kMostDecibels = 160.0; ///< beyond, a score only says "equal but for rounding"
constexpr int kMarkerSize = 9;          ///< pixels

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

/// The marker of a severity as an image: a chart draws thousands of these at once, while each point
/// of a scatter series would be an item of its own.
QImage markerImage(Severity severity, const Theme &theme)
{
    const double ratio = qGuiApp->devicePixelRatio();
    const int side = static_cast<int>(std::lround(kMarkerSize * ratio)); // drawn without smoothing
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.severityColor(severity));
    const QRectF box = QRectF(image.rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    switch (severity) {
    case Severity::Ok:
        painter.drawEllipse(box);
        break;
    case Severity::Warn:
        painter.drawPolygon(
            QPolygonF{{box.center().x(), box.top()}, box.bottomRight(), box.bottomLeft()});
        break;
    case Severity::Bad:
        painter.drawRect(box);
        break;
    }
    return image;
}

QLineSeries *makeSeverityMarkers(Severity severity, const Theme &theme)
{
    const std::array names{QObject::tr("ok"), QObject::tr("warn"), QObject::tr("bad")};
    auto *series = new QLineSeries;
    series->setName(names[static_cast<std::size_t>(severity)]);
    series->setPen(Qt::NoPen);
    series->setMarkerSize(kMarkerSize);
    series->setLightMarker(markerImage(severity, theme));
    return series;
}

/// "decoder.conv1", below it "Conv · 27.7 dB".
QString pointText(const ComparisonResult &result, SyncPointId id)
{
    const NodeId node = result.alignment.point(id).referenceNode;
    const QString score = scoreText(result, result.point(id));
    if (!node.isValid()) {
        return score;
    }
    const Graph &graph = *result.baseline.graph;
    return QStringLiteral("%1\n%2 · %3")
        .arg(QString::fromStdString(graph.displayName(node)),
             QString::fromStdString(graph.node(node).opType), score);
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

} // namespace

QChart *makeScoreChart(const std::shared_ptr<const ComparisonResult> &shared, const Theme &theme,
                       std::function<void(SyncPointId)> clicked)
{
    const ComparisonResult &result = *shared;
    const auto metric = metricIndex(result.config.metric);
    const MetricDescriptor descriptor = builtinMetrics()[metric.value_or(0)]->descriptor();
    const QString name = fromUtf8(descriptor.name);
    const QString unit = fromUtf8(descriptor.unit);
    QChart *chart = makeChart(QObject::tr("%1 over execution order").arg(name), theme);
    std::array<QLineSeries *, 3> series{};
    for (const Severity severity : {Severity::Ok, Severity::Warn, Severity::Bad}) {
        auto *&markers = series[static_cast<std::size_t>(severity)];
        markers = makeSeverityMarkers(severity, theme);
        QObject::connect(markers, &QXYSeries::clicked, chart, [clicked](const QPointF &at) {
            clicked(SyncPointId{static_cast<std::size_t>(std::lround(at.x()))});
        });
        QObject::connect(
            markers, &QXYSeries::hovered, chart, [shared](const QPointF &at, bool isOver) {
                const SyncPointId id{static_cast<std::size_t>(std::lround(at.x()))};
                QToolTip::showText(QCursor::pos(), isOver ? pointText(*shared, id) : QString());
            });
    }
    const ScoreSpan span = spanOf(result, descriptor);
    std::array<QList<QPointF>, 3> places;
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        const PointResult &point = result.points[i];
        if (point.status != PointStatus::Compared) {
            continue;
        }
        const auto value = point.overall.state == PairState::Exact
                               ? std::optional(span.exact)
                               : finiteScore(point, result.config.metric);
        if (value) {
            places[static_cast<std::size_t>(point.severity)].append(
                {static_cast<double>(i), *value});
        }
    }
    for (std::size_t i = 0; i < series.size(); ++i) {
        series[i]->replace(places[i]);
        chart->addSeries(series[i]);
        for (QLegendMarker *marker : chart->legend()->markers(series[i])) {
            marker->setBrush(theme.severityColor(static_cast<Severity>(i)));
        }
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

} // namespace syncpoint
