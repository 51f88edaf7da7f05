#include "viewers/summary/charts.h"

#include "ui/theme/theme.h"
#include "viewers/charts/chart_style.h"

#include <QtCharts/QBarSet>
#include <QtCharts/QHorizontalBarSeries>
#include <algorithm>

namespace syncpoint {

namespace {
constexpr std::size_t kMostOps = 12;

double slower(const PointResult &point)
{
    return std::max(point.baselineMicroseconds.value_or(0.0),
                    point.candidateMicroseconds.value_or(0.0));
}
} // namespace

bool hasLatency(const ComparisonResult &result)
{
    return std::any_of(result.points.begin(), result.points.end(),
                       [](const PointResult &point) { return slower(point) > 0.0; });
}

QChart *makeLatencyChart(const ComparisonResult &result, const Theme &theme,
                         std::function<void(SyncPointId)> clicked)
{
    std::vector<SyncPointId> slowest;
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        if (slower(result.points[i]) > 0.0 && result.alignment.points[i].referenceNode.isValid()) {
            slowest.emplace_back(i);
        }
    }
    std::stable_sort(slowest.begin(), slowest.end(), [&](SyncPointId a, SyncPointId b) {
        return slower(result.point(a)) > slower(result.point(b));
    });
    slowest.resize(std::min(slowest.size(), kMostOps));
    std::reverse(slowest.begin(), slowest.end()); // bar charts count from the bottom

    QChart *chart = makeChart(QObject::tr("Time of the slowest ops"), theme);
    auto *baseline = new QBarSet(QObject::tr("baseline"));
    auto *candidate = new QBarSet(QObject::tr("candidate"));
    baseline->setColor(theme.color(Theme::Role::Baseline));
    candidate->setColor(theme.color(Theme::Role::Candidate));
    QStringList names;
    double longest = 1.0;
    for (const SyncPointId id : slowest) {
        const PointResult &point = result.point(id);
        *baseline << point.baselineMicroseconds.value_or(0.0);
        *candidate << point.candidateMicroseconds.value_or(0.0);
        longest = std::max(longest, slower(point));
        names << QString::fromStdString(
            result.baseline.graph->displayName(result.alignment.point(id).referenceNode));
    }
    auto *series = new QHorizontalBarSeries;
    series->append(candidate);
    series->append(baseline);
    for (QBarSet *set : {baseline, candidate}) {
        set->setBorderColor(Qt::transparent);
        QObject::connect(set, &QBarSet::clicked, chart, [clicked, slowest](int index) {
            clicked(slowest[static_cast<std::size_t>(index)]);
        });
    }
    chart->addSeries(series);
    auto *time = new QValueAxis(chart);
    time->setRange(0.0, 1.05 * longest);
    setRoundTicks(*time);
    time->setLabelFormat(QStringLiteral("%.4g"));
    time->setTitleText(QObject::tr("time (µs)"));
    auto *ops = new QBarCategoryAxis(chart);
    ops->append(names);
    attachAxes(chart, time, ops, theme);
    keepNamesReadable(chart, ops, names);
    return chart;
}

} // namespace syncpoint
