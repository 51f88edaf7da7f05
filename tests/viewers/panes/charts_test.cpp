#include "tests/ui/synthetic_result.h"
#include "ui/theme/theme.h"
#include "viewers/summary/charts.h"

#include <QTest>
#include <QtCharts/QBarCategoryAxis>
#include <QtCharts/QChartView>
#include <QtCharts/QXYSeries>
#include <gtest/gtest.h>
#include <memory>

namespace syncpoint {
namespace {

void show(QChartView &view, QChart *chart, const QSize &size)
{
    view.setChart(chart);
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
    QChartView view;
    show(view, chart, {700, 400});

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

TEST(ModuleChartTest, NamesAreWholeWhereThereIsRoomAndDifferWhereThereIsNot)
{
    Theme theme;
    const auto result = makeSyntheticResult();
    QChart *chart = makeModuleChart(*result, theme, [](ModuleId) {});
    QChartView view;
    show(view, chart, {900, 400});
    auto *axis = qobject_cast<QBarCategoryAxis *>(chart->axes(Qt::Vertical).front());
    ASSERT_NE(axis, nullptr);
    EXPECT_TRUE(axis->categories().contains(QStringLiteral("encoder.block0")))
        << axis->categories().join(u' ').toStdString();
    const auto count = axis->categories().size();

    view.resize(120, 300);
    QTest::qWait(1);
    EXPECT_EQ(axis->categories().size(), count);
}

} // namespace
} // namespace syncpoint
