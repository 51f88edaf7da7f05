#include "viewers/summary/charts.h"

#include "compare/metric/metric.h"
#include "ui/models/display_text.h"
#include "ui/theme/theme.h"
#include "viewers/charts/chart_style.h"

#include <QtCharts/QBarSet>
#include <QtCharts/QStackedBarSeries>
#include <algorithm>
#include <array>
#include <cmath>

namespace syncpoint {

namespace {
constexpr std::size_t kBins = 16;
} // namespace

QChart *makeHistogramChart(const ComparisonResult &result, const Theme &theme)
{
    std::vector<std::pair<double, Severity>> scores;
    std::size_t exact = 0;
    for (const PointResult &point : result.points) {
        const auto value = point.overall.value(result.config.metric);
        if (point.status != PointStatus::Compared) {
            continue;
        }
        if (point.overall.state == PairState::Exact) {
            ++exact;
        } else if (value && std::isfinite(*value)) {
            scores.emplace_back(*value, point.severity);
        }
    }
    const QString name = metricName(result.config.metric);
    QChart *chart = makeChart(QObject::tr("How many sync points have which %1").arg(name), theme);
    const auto [low, high] = std::minmax_element(scores.begin(), scores.end());
    const double least = scores.empty() ? 0.0 : low->first;
    const double width = scores.empty() ? 1.0 : std::max((high->first - least) / kBins, 1e-12);
    std::array<std::array<int, kBins>, 3> counts{};
    for (const auto &[score, severity] : scores) {
        const auto bin = std::min(static_cast<std::size_t>((score - least) / width), kBins - 1);
        ++counts[static_cast<std::size_t>(severity)][bin];
    }
    auto *series = new QStackedBarSeries;
    series->setBarWidth(0.9);
    int tallest = static_cast<int>(exact);
    for (const Severity severity : {Severity::Bad, Severity::Warn, Severity::Ok}) {
        const std::array names{QObject::tr("ok"), QObject::tr("warn"), QObject::tr("bad")};
        auto *set = new QBarSet(names[static_cast<std::size_t>(severity)]);
        set->setColor(theme.severityColor(severity));
        set->setBorderColor(Qt::transparent);
        for (const int count : counts[static_cast<std::size_t>(severity)]) {
            *set << count;
        }
        *set << (severity == Severity::Ok ? static_cast<double>(exact) : 0.0);
        series->append(set);
    }
    QStringList bins;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
        tallest = std::max(tallest, counts[0][bin] + counts[1][bin] + counts[2][bin]);
        bins << QString::number(least + (static_cast<double>(bin) + 0.5) * width, 'g', 3);
        while (bins.count(bins.back()) > 1) { // a category axis drops equal labels
            bins.back() += QChar(0x200B);
        }
    }
    bins << QObject::tr("exact");
    chart->addSeries(series);
    auto *scale = new QBarCategoryAxis(chart);
    scale->append(bins);
    scale->setTitleText(name);
    auto *points = new QValueAxis(chart);
    points->setRange(0.0, std::max(1.0, 1.05 * tallest));
    setRoundTicks(*points);
    points->setLabelFormat(QStringLiteral("%.0f"));
    points->setTitleText(QObject::tr("sync points"));
    attachAxes(chart, scale, points, theme);
    return chart;
}

} // namespace syncpoint
