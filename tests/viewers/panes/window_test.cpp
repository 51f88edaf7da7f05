// The whole window with its real panes, on a small model that is really run.
#include "ui/session/selection.h"
#include "ui/session/session_controller.h"
#include "ui/settings/settings.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/main_window.h"
#include "ui/shell/shortcut_list.h"
#include "ui/theme/theme.h"
#include "viewers/viewer_list.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QFile>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QtCharts/QChartView>
#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <set>

namespace syncpoint {
namespace {

class RealWindowTest : public testing::Test
{
protected:
    RealWindowTest() { window->show(); }

    static SessionConfig residualConfig()
    {
        SessionConfig config;
        config.baseline.model = config.candidate.model =
            SYNCPOINT_TEST_DATA "/onnx/residual_block.onnx";
        config.attribution = AttributionLevel::Tensors;
        return config;
    }
    void compare()
    {
        const QSignalSpy done(&controller, &SessionController::resultChanged);
        window->compare(residualConfig());
        ASSERT_TRUE(QTest::qWaitFor([&done] { return done.count() > 0; }, 60'000));
    }
    /// Shortcuts of the window, wherever the focus is.
    void press(const char *action)
    {
        auto *found = window->findChild<QAction *>(QLatin1String(action));
        ASSERT_NE(found, nullptr) << action;
        ASSERT_FALSE(found->shortcut().isEmpty()) << action;
        found->trigger();
    }

    Theme theme;
    Settings settings;
    Selection selection;
    SessionController controller{CompareEnvironment{RUNNER, {}, 0}};
    std::unique_ptr<MainWindow> window =
        std::make_unique<MainWindow>(ViewerContext{selection, controller, theme}, settings,
                                     [](const ViewerContext &c) { return makeViewers(c); });
};

TEST_F(RealWindowTest, ClosesCleanlyAtAnyMomentOfLoadingRunningAndComparing)
{
    for (const int delay : {0, 20, 80, 200, 400}) { // ms; a whole comparison takes about 300
        window =
            std::make_unique<MainWindow>(ViewerContext{selection, controller, theme}, settings,
                                         [](const ViewerContext &c) { return makeViewers(c); });
        window->show();
        window->compare(residualConfig());
        QTest::qWait(delay);
        EXPECT_TRUE(window->close()) << delay;
        window.reset();
        EXPECT_FALSE(controller.jobs().isRunning()) << delay;
    }
}

TEST_F(RealWindowTest, ClosesCleanlyWhileTheGraphIsLaidOutAndTensorsAreRead)
{
    compare();
    press("go.nextDivergence");
    selection.select({Side::Baseline, {}, {}, {}, SyncPointId{0}}, nullptr);
    EXPECT_TRUE(window->close());
    window.reset();
}

TEST_F(RealWindowTest, ClosesCleanlyWhileAReportIsWritten)
{
    compare();
    const QTemporaryDir folder;
    window->exportReport(folder.filePath(QStringLiteral("report.html")).toStdString());
    EXPECT_TRUE(window->close());
    window.reset();
}

TEST_F(RealWindowTest, ASweepHasAllOfTheWindowUntilOneOfItsPairsIsOpened)
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("quantization_summary.json"));
    QFile report(file);
    ASSERT_TRUE(report.open(QIODevice::WriteOnly));
    report.write(R"({"int8": {"quality": 0.9, "size_mb": 2.0}})");
    report.close();
    window->openFiles({file});
    QTableView *table = nullptr;
    ASSERT_TRUE(QTest::qWaitFor([&] {
        for (auto *each : window->findChildren<QTableView *>()) {
            table = each->isVisible() ? each : table;
        }
        return table != nullptr;
    }));
    EXPECT_EQ(table->accessibleName(), QStringLiteral("Variants"));
    EXPECT_EQ(table->model()->rowCount(), 1);
    const auto panes = window->findChildren<QDockWidget *>();
    const auto isShown = [](const QDockWidget *pane) { return pane->isVisible(); };
    EXPECT_TRUE(std::none_of(panes.begin(), panes.end(), isShown));

    compare(); // as opening a pair does
    EXPECT_FALSE(table->isVisible());
    EXPECT_TRUE(std::any_of(panes.begin(), panes.end(), isShown));
}

TEST_F(RealWindowTest, EverythingIsReachedByKeyboardAlone)
{
    compare();
    QTest::keyClick(window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    auto *palette = window->findChild<CommandPalette *>();
    ASSERT_NE(palette, nullptr);
    auto *words = palette->findChild<QLineEdit *>();
    QTest::keyClicks(words, QStringLiteral("show charts"));
    QTest::keyClick(words, Qt::Key_Return);
    const auto charts = window->findChildren<QChartView *>();
    ASSERT_FALSE(charts.isEmpty());
    EXPECT_TRUE(QTest::qWaitFor([&charts] {
        return std::any_of(charts.begin(), charts.end(),
                           [](const QChartView *chart) { return chart->isVisible(); });
    }));

    window->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
    QTest::keyClick(window.get(), Qt::Key_Question);
    EXPECT_NE(window->findChild<ShortcutList *>(), nullptr);

    window->findChild<ShortcutList *>()->close();
    window->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
    std::set<const QWidget *> focused;
    for (int pane = 0; pane < 8; ++pane) {
        press("view.nextPane");
        focused.insert(QApplication::focusWidget());
    }
    EXPECT_GE(focused.size(), 4U) << "F6 walks the panes";
}

TEST_F(RealWindowTest, EveryPaneHasATextForScreenReaders)
{
    compare();
    for (const QWidget *widget : window->findChildren<QWidget *>()) {
        const bool isPane =
            widget->focusPolicy() == Qt::StrongFocus && widget->isVisible() &&
            (widget->inherits("QAbstractItemView") || widget->inherits("QAbstractScrollArea") ||
             widget->inherits("syncpoint::PlaneView"));
        if (isPane) {
            EXPECT_FALSE(widget->accessibleName().isEmpty())
                << widget->metaObject()->className() << ' ' << widget->objectName().toStdString();
        }
    }
}

} // namespace
} // namespace syncpoint
