#include "tests/ui/synthetic_result.h"
#include "ui/theme/theme.h"
#include "viewers/summary/charts.h"

#include <QGraphicsSimpleTextItem>
#include <QTest>
#include <QtCharts/QAbstractBarSeries>
#include <QtCharts/QBarSet>
#include <QtCharts/QChartView>
#include <QtCharts/QXYSeries>
#include <algorithm>
#include <gtest/gtest.h>
#include <memory>

namespace syncpoint {
namespace {

void show(QChartView &view, const QSize &size)
{
    view.resize(size);
    view.show();
    QTest::qWait(1);
}

TEST(ScoreChartTest, ClickingAMarkerGivesItsSyncPoint)
{
    Theme theme;
    const auto result = makeSyntheticResult();
    SyncPointId clicked;
    QChart *chart = makeScoreChart(result, theme, [&](SyncPointId id) { clicked = id; });
    QChartView view(chart);
    show(view, {700, 400});

    auto *bad = qobject_cast<QXYSeries *>(chart->series().at(2));
    ASSERT_NE(bad, nullptr);
    ASSERT_GT(bad->count(), 0);
    const QPointF place = bad->at(0);
    const QPointF onScene = chart->mapToScene(chart->mapToPosition(place, bad));
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.mapFromScene(onScene));

    ASSERT_TRUE(clicked.isValid());
    EXPECT_EQ(clicked.index(), static_cast<std::size_t>(place.x()));
    EXPECT_EQ(result->point(clicked).severity, Severity::Bad);
}

TEST(ModuleChartTest, NamesAreWholeWhereThereIsRoomAndCutInTheMiddleWhereThereIsNot)
{
    Theme theme;
    const auto result = makeSyntheticResult();
    QChart *chart = makeModuleChart(*result, theme, [](ModuleId) {});
    QChartView view(chart);
    show(view, {900, 400});
    const auto label = [chart]() -> const QGraphicsSimpleTextItem * {
        for (const QGraphicsItem *item : chart->childItems()) {
            const auto *text = qgraphicsitem_cast<const QGraphicsSimpleTextItem *>(item);
            if (text != nullptr && text->toolTip() == QStringLiteral("encoder.block0")) {
                return text;
            }
        }
        return nullptr;
    };
    ASSERT_NE(label(), nullptr);
    EXPECT_EQ(label()->text(), QStringLiteral("encoder.block0"));
    EXPECT_LE(label()->sceneBoundingRect().right(), chart->plotArea().left());

    view.resize(150, 300);
    QTest::qWait(1);
    EXPECT_TRUE(label()->text().startsWith(u'e') && label()->text().endsWith(u'0'));
    EXPECT_NE(label()->text(), QStringLiteral("encoder.block0"));
}

TEST(HistogramChartTest, EveryComparedPointIsCountedOnce)
{
    Theme theme;
    const auto result = makeSyntheticResult();
    const std::unique_ptr<QChart> chart(makeHistogramChart(*result, theme));
    double counted = 0.0;
    const auto *series = qobject_cast<QAbstractBarSeries *>(chart->series().front());
    for (const QBarSet *set : series->barSets()) {
        counted += set->sum();
    }
    const auto compared =
        std::count_if(result->points.begin(), result->points.end(), [](const PointResult &point) {
            return point.status == PointStatus::Compared;
        });
    EXPECT_EQ(counted, static_cast<double>(compared));
}

TEST(LatencyChartTest, ShowsTheSlowestOpsAndOnlyWhenTimed)
{
    Theme theme;
    ComparisonResult result = *makeSyntheticResult();
    for (PointResult &point : result.points) {
        point.baselineMicroseconds = point.candidateMicroseconds = std::nullopt;
    }
    EXPECT_FALSE(hasLatency(result));
    std::vector<PointResult *> ops;
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        if (result.alignment.points[i].referenceNode.isValid()) {
            ops.push_back(&result.points[i]);
        }
    }
    ASSERT_GE(ops.size(), 2U);
    ops[0]->candidateMicroseconds = 20.0;
    ops[1]->baselineMicroseconds = 10.0;
    ASSERT_TRUE(hasLatency(result));
    const std::unique_ptr<QChart> chart(makeLatencyChart(result, theme, [](SyncPointId) {}));
    const auto *series = qobject_cast<QAbstractBarSeries *>(chart->series().front());
    EXPECT_EQ(series->barSets().front()->count(), 2);
    EXPECT_EQ(series->barSets().front()->at(1), 20.0) << "the slowest stands on top";
}

} // namespace
} // namespace syncpoint
