#include "viewers/summary/charts.h"

#include "ui/theme/theme.h"
#include "viewers/charts/chart_style.h"
#include "viewers/summary/module_frontier.h"

#include <QCursor>
#include <QToolTip>
#include <QtCharts/QBarSet>
#include <QtCharts/QHorizontalBarSeries>
#include <algorithm>

namespace syncpoint {

namespace {
constexpr std::size_t kMostModules = 12;
}

QChart *makeModuleChart(const ComparisonResult &result, const Theme &theme,
                        std::function<void(ModuleId)> clicked)
{
    QChart *chart = makeChart(QObject::tr("Introduced error and parameters"), theme);
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
        names << QString::fromStdString(result.baseline.graph->module(score->module).path);
    }
    auto *series = new QHorizontalBarSeries;
    series->append(parameters);
    series->append(introduced);
    for (QBarSet *set : {introduced, parameters}) {
        set->setBorderColor(Qt::transparent);
        QObject::connect(set, &QBarSet::clicked, chart, [clicked, modules](int index) {
            clicked(modules[static_cast<std::size_t>(index)]->module);
        });
        QObject::connect(set, &QBarSet::hovered, chart, [names, modules](bool isOver, int index) {
            const ModuleScore &score = *modules[static_cast<std::size_t>(index)];
            QToolTip::showText(QCursor::pos(),
                               isOver ? QObject::tr("%1\n%2 % of the introduced error, %3 % of the "
                                                    "parameters")
                                            .arg(names[index])
                                            .arg(score.introducedShare * 100.0, 0, 'f', 1)
                                            .arg(score.parameterShare * 100.0, 0, 'f', 1)
                                      : QString());
        });
    }
    chart->addSeries(series);
    auto *share = new QValueAxis(chart);
    share->setRange(0.0, widest * 1.05);
    setRoundTicks(*share);
    share->setLabelFormat(QStringLiteral("%.0f"));
    share->setTitleText(QObject::tr("% of the model"));
    auto *categories = new QBarCategoryAxis(chart);
    categories->append(names);
    attachAxes(chart, share, categories, theme);
    keepNamesReadable(chart, categories, names);
    return chart;
}

} // namespace syncpoint
