#include "compare/sweep/sweep_json.h"
#include "tests/core/formats/test_files.h"
#include "ui/session/selection.h"
#include "ui/session/session_controller.h"
#include "ui/theme/theme.h"
#include "viewers/sweep/sweep_chart.h"
#include "viewers/sweep/sweep_viewer.h"

#include <QComboBox>
#include <QGraphicsSimpleTextItem>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QtCharts/QChartView>
#include <QtCharts/QLogValueAxis>
#include <QtCharts/QScatterSeries>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

SweepRow rowOf(const std::string &variant, const std::string &component, double quality,
               std::uint64_t bytes)
{
    SweepRow row;
    row.variant = variant;
    row.component = component;
    row.isBaseline = variant == "baseline";
    row.model = "/models/" + variant + "/" + component;
    row.bytes = bytes;
    row.quality = SweepQuality{"1 − relative L2 error", "", quality, true};
    return row;
}

SweepOverview someSweep()
{
    SweepOverview overview;
    overview.source = "möbius";
    for (const char *component : {"encoder", "decoder"}) {
        overview.rows.push_back(rowOf("baseline", component, 1.0, 4000));
        overview.rows.push_back(rowOf("int8", component, 0.96, 1000));
        overview.rows.push_back(rowOf("int4", component, 0.80, 500));
    }
    return overview;
}

class SweepViewerTest : public testing::Test
{
protected:
    void open(const SweepOverview &overview)
    {
        const auto file = folder / "sweep.json";
        test::writeFile(file, sweepJson(overview, folder.path()));
        const QSignalSpy changed(&controller, &SessionController::sweepChanged);
        controller.openSweep(file);
        ASSERT_TRUE(QTest::qWaitFor([&changed] { return changed.count() > 0; }, 10'000));
    }
    QString cell(int row, int column) const
    {
        return table->model()->index(row, column).data().toString();
    }

    test::TemporaryFolder folder;
    Theme theme;
    Selection selection;
    SessionController controller{CompareEnvironment{}};
    std::unique_ptr<Viewer> viewer = makeSweepViewer({selection, controller, theme});
    QTableView *table = viewer->widget()->findChild<QTableView *>();
};

TEST_F(SweepViewerTest, ShowsOneComponentAtATimeInTheReportsOrder)
{
    open(someSweep());
    ASSERT_EQ(table->model()->rowCount(), 3);
    EXPECT_EQ(cell(0, 0), QStringLiteral("baseline"));
    EXPECT_EQ(cell(1, 1), QStringLiteral("1.0 kB"));
    table->sortByColumn(1, Qt::AscendingOrder);
    EXPECT_EQ(cell(0, 0), QStringLiteral("int4"));

    auto *components = viewer->widget()->findChild<QComboBox *>();
    ASSERT_EQ(components->count(), 2);
    components->setCurrentIndex(1);
    EXPECT_EQ(cell(0, 0), QStringLiteral("int4"));
    Q_EMIT table->activated(table->model()->index(0, 0));
    EXPECT_EQ(controller.config().candidate.model->lexically_normal(), "/models/int4/decoder");
    controller.cancel();
}

TEST_F(SweepViewerTest, ActivatingAVariantComparesItWithItsBaseline)
{
    open(someSweep());
    Q_EMIT table->activated(table->model()->index(1, 0));
    EXPECT_EQ(controller.config().baseline.model->lexically_normal(), "/models/baseline/encoder");
    EXPECT_EQ(controller.config().candidate.model->lexically_normal(), "/models/int8/encoder");
    EXPECT_TRUE(controller.jobs().isRunning());
    controller.cancel();
}

TEST_F(SweepViewerTest, ActivatingTheBaselineComparesNothing)
{
    open(someSweep());
    Q_EMIT table->activated(table->model()->index(0, 0));
    EXPECT_FALSE(controller.jobs().isRunning());
}

TEST_F(SweepViewerTest, SelectingARowEmphasisesItsPoint)
{
    open(someSweep());
    table->selectRow(2);
    const auto sizes = [this] {
        std::vector<qreal> all;
        const auto *view = viewer->widget()->findChild<QChartView *>();
        for (const QAbstractSeries *series : view->chart()->series()) {
            if (const auto *mark = qobject_cast<const QScatterSeries *>(series)) {
                all.push_back(mark->markerSize());
            }
        }
        return all;
    };
    ASSERT_GE(sizes().size(), 2U);
    EXPECT_TRUE(QTest::qWaitFor([&sizes] { return sizes().back() > sizes().front(); }, 1000));
}

TEST(SweepChartTest, ErrorsAreOnALogarithmicAxisWithSmallOnesAbove)
{
    Theme theme;
    SweepOverview overview;
    for (const double error : {1e-5, 1e-1}) {
        SweepRow row = rowOf("a", "", 0.0, 100);
        row.quality = SweepQuality{"MSE", "", error, false};
        overview.rows.push_back(row);
    }
    const std::unique_ptr<QChart> chart(
        makeSweepChart(overview, SweepCost::Size, -1, theme, [](int) {}));
    const auto *axis = qobject_cast<QLogValueAxis *>(chart->axes(Qt::Vertical).front());
    ASSERT_NE(axis, nullptr);
    EXPECT_TRUE(axis->isReverse());
    EXPECT_LE(axis->min(), 1e-5);
    EXPECT_EQ(chart->series().size(), 2);
}

TEST(SweepChartTest, NamesOfPointsAtOnePlaceDoNotCoverOneAnother)
{
    Theme theme;
    SweepOverview overview;
    for (const char *name : {"a long name", "another long name", "one more name"}) {
        overview.rows.push_back(rowOf(name, "", 0.5, 100));
    }
    QChartView view(makeSweepChart(overview, SweepCost::Size, -1, theme, [](int) {}));
    view.resize(600, 400);
    view.show();
    QCoreApplication::processEvents();
    std::vector<QRectF> shown;
    for (const QGraphicsItem *item : view.chart()->childItems()) {
        const auto *text = dynamic_cast<const QGraphicsSimpleTextItem *>(item);
        if (text != nullptr && text->isVisible()) {
            shown.push_back(text->sceneBoundingRect());
        }
    }
    ASSERT_EQ(shown.size(), 3U);
    EXPECT_FALSE(shown[0].intersects(shown[1]) || shown[0].intersects(shown[2]) ||
                 shown[1].intersects(shown[2]));
}

TEST(SweepChartTest, SaysWhenThereIsNothingToShow)
{
    Theme theme;
    SweepOverview overview;
    overview.rows.push_back(rowOf("a", "", 0.5, 100)); // has no latency
    const std::unique_ptr<QChart> chart(
        makeSweepChart(overview, SweepCost::Latency, -1, theme, [](int) {}));
    EXPECT_TRUE(chart->series().isEmpty());
    EXPECT_TRUE(chart->title().contains(QStringLiteral("latency")));
}

} // namespace
} // namespace syncpoint
