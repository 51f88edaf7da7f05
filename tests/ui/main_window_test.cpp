#include "tests/ui/synthetic_result.h"
#include "ui/models/problem_model.h"
#include "ui/pairing/manual_pairing.h"
#include "ui/session/model_inspection.h"
#include "ui/session/selection.h"
#include "ui/session/session_controller.h"
#include "ui/settings/settings.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/main_window.h"
#include "ui/shell/verdict_bar.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QLineEdit>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

/// A pane that only counts what the shell tells it.
class CountingViewer final : public Viewer
{
public:
    CountingViewer(ViewerArea area, int number) : m_area(area), m_number(number) {}
    ~CountingViewer() override { delete m_widget.data(); } // as the real panes do
    QString id() const override { return QStringLiteral("counting%1").arg(m_number); }
    QString title() const override { return id(); }
    ViewerArea area() const override { return m_area; }
    QWidget *widget() override { return m_widget; }
    void setResult(std::shared_ptr<const ComparisonResult>) override {}
    void refresh() override { ++refreshed; }
    QJsonObject saveState() const override { return {}; }
    void restoreState(const QJsonObject &) override {}
    int refreshed = 0;

private:
    ViewerArea m_area;
    int m_number;
    QPointer<QWidget> m_widget = new QWidget;
};

std::vector<std::unique_ptr<Viewer>> makeFakes(const ViewerContext &)
{
    std::vector<std::unique_ptr<Viewer>> viewers;
    for (const auto area : {ViewerArea::Left, ViewerArea::Left, ViewerArea::Centre,
                            ViewerArea::Centre, ViewerArea::Right, ViewerArea::Bottom}) {
        viewers.push_back(std::make_unique<CountingViewer>(area, static_cast<int>(viewers.size())));
    }
    return viewers;
}

class MainWindowTest : public testing::Test
{
protected:
    Theme theme;
    Settings settings;
    Selection selection;
    SessionController controller{CompareEnvironment{}};
    MainWindow window{{selection, controller, theme}, settings, makeFakes};

    static SessionConfig exampleConfig()
    {
        const std::filesystem::path folder =
            std::filesystem::path(SYNCPOINT_TEST_DATA) / "../../examples/promptseg";
        SessionConfig config;
        config.baseline.model = folder / "baseline.onnx";
        config.candidate.model = folder / "int4.onnx";
        return config;
    }
};

TEST_F(MainWindowTest, OpensOnTheStartPage)
{
    window.show();
    EXPECT_TRUE(window.isOnStartPage());
    EXPECT_FALSE(window.findChild<QAction *>(QStringLiteral("file.save"))->isEnabled());
}

TEST_F(MainWindowTest, ErrorsGoToTheProblemsPanelNotIntoABox)
{
    window.show();
    QSignalSpy failed(&controller, &SessionController::failed);
    SessionConfig config;
    config.baseline.model = "/nowhere/a.onnx";
    config.candidate.model = "/nowhere/b.onnx";
    window.compare(config);
    ASSERT_TRUE(failed.wait(10000));
    EXPECT_EQ(window.problems().errorCount(), 1);
    EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
}

TEST_F(MainWindowTest, ClosesAndDiesWhileBusy)
{
    window.show();
    window.compare(exampleConfig());
    EXPECT_TRUE(controller.jobs().isRunning());
    EXPECT_TRUE(window.close());
    EXPECT_FALSE(controller.jobs().isRunning());
}

TEST_F(MainWindowTest, DestructionWithoutCloseWhileBusy)
{
    window.compare(exampleConfig());
    EXPECT_TRUE(controller.jobs().isRunning());
}

TEST_F(MainWindowTest, AModelAloneIsShownWithoutAComparison)
{
    window.show();
    QSignalSpy changed(&controller, &SessionController::resultChanged);
    window.openFiles({QString::fromStdString(exampleConfig().baseline.model->string())});
    ASSERT_TRUE(changed.wait(10000));
    EXPECT_FALSE(window.isOnStartPage());
    EXPECT_FALSE(hasCandidate(*controller.result()));
    EXPECT_TRUE(selection.current().node.isValid());
    EXPECT_FALSE(window.findChild<QAction *>(QStringLiteral("file.report"))->isEnabled());
}

TEST(MainWindowEndTest, PanesThatTakeTheirWidgetsAreNotAskedAgain)
{
    Theme theme;
    Settings settings;
    Selection selection;
    SessionController controller{CompareEnvironment{}};
    std::vector<QPointer<CountingViewer>> panes;
    {
        MainWindow window({selection, controller, theme}, settings,
                          [&panes](const ViewerContext &context) {
                              auto viewers = makeFakes(context);
                              for (const auto &viewer : viewers) {
                                  panes.emplace_back(static_cast<CountingViewer *>(viewer.get()));
                              }
                              return viewers;
                          });
        window.show();
    }
    for (const auto &pane : panes) {
        EXPECT_TRUE(pane.isNull());
    }
}

TEST_F(MainWindowTest, ShowingTheSameModelAgainKeepsTheSelectionAndTheBookmarks)
{
    window.show();
    QSignalSpy changed(&controller, &SessionController::resultChanged);
    window.openFiles({QString::fromStdString(exampleConfig().baseline.model->string())});
    ASSERT_TRUE(changed.wait(10000));
    const Graph &graph = *controller.result()->baseline.graph;
    Selection::Item item;
    item.node = NodeId{graph.nodes().size() / 2};
    item.value = graph.node(item.node).outputs.front();
    selection.select(item, nullptr);
    window.findChild<QAction *>(QStringLiteral("bookmark.set1"))->trigger();
    window.findChild<QAction *>(QStringLiteral("run.compare"))->trigger();
    ASSERT_TRUE(changed.wait(10000));
    EXPECT_EQ(selection.current().node, item.node);
    selection.clear();
    window.findChild<QAction *>(QStringLiteral("bookmark.go1"))->trigger();
    EXPECT_EQ(selection.current().node, item.node);
}

TEST_F(MainWindowTest, AnEditWhileBusyWinsOverTheOlderComparison)
{
    window.show();
    window.compare(exampleConfig());
    controller.pairing().forbid({"a", "b"});
    EXPECT_TRUE(controller.jobs().isRunning());
    EXPECT_TRUE(window.findChild<QAction *>(QStringLiteral("edit.undo"))->isEnabled());
    window.findChild<QAction *>(QStringLiteral("edit.undo"))->trigger();
    EXPECT_TRUE(controller.config().map.empty());
    EXPECT_TRUE(window.close());
}

TEST_F(MainWindowTest, CancelLeavesTheWindowUsable)
{
    window.show();
    window.compare(exampleConfig());
    window.findChild<QAction *>(QStringLiteral("run.stop"))->trigger();
    EXPECT_FALSE(controller.jobs().isRunning());
    EXPECT_TRUE(window.isOnStartPage());
    EXPECT_EQ(window.problems().errorCount(), 0);
}

TEST_F(MainWindowTest, EveryActionHasAStableName)
{
    QSet<QString> names;
    for (const QAction *action : window.allActions()) {
        EXPECT_FALSE(action->objectName().isEmpty()) << action->text().toStdString();
        EXPECT_FALSE(names.contains(action->objectName())) << action->objectName().toStdString();
        names.insert(action->objectName());
    }
}

TEST_F(MainWindowTest, CommandPaletteFindsAndRunsAnAction)
{
    window.show();
    auto *palette = new CommandPalette(window.allActions(), &window);
    palette->show();
    const Theme::Mode before = theme.mode();
    QTest::keyClicks(palette->findChild<QLineEdit *>(), QStringLiteral("dark switch"));
    QTest::keyClick(palette->findChild<QLineEdit *>(), Qt::Key_Return);
    EXPECT_TRUE(QTest::qWaitFor([&] { return theme.mode() != before; }, 2000));
}

TEST_F(MainWindowTest, SwitchingTheThemeRefreshesThePanes)
{
    window.show();
    window.findChild<QAction *>(QStringLiteral("view.theme"))->trigger();
    window.findChild<QAction *>(QStringLiteral("view.theme"))->trigger();
    EXPECT_EQ(theme.mode(), Theme::Mode::Light);
}

TEST_F(MainWindowTest, OnePaneMayHaveAllOfTheWindowUntilAskedAgain)
{
    window.show();
    QSignalSpy changed(&controller, &SessionController::resultChanged);
    window.openFiles({QString::fromStdString(exampleConfig().baseline.model->string())});
    ASSERT_TRUE(changed.wait(10000));
    auto *dock = window.findChild<QDockWidget *>();
    ASSERT_NE(dock, nullptr);
    QWidget field(dock->widget());
    field.setFocusPolicy(Qt::StrongFocus);
    field.show();
    QAction &alone = *window.findChild<QAction *>(QStringLiteral("view.alone"));
    const auto visible = [this] {
        const auto docks = window.findChildren<QDockWidget *>();
        return std::count_if(docks.begin(), docks.end(),
                             [](const QDockWidget *other) { return !other->isHidden(); });
    };
    const auto before = visible();
    field.setFocus();
    if (QApplication::focusWidget() != &field) {
        GTEST_SKIP() << "this platform gives no focus";
    }
    alone.trigger();
    EXPECT_EQ(visible(), 1);
    EXPECT_FALSE(dock->isHidden());
    alone.trigger();
    EXPECT_EQ(visible(), before);
}

TEST(VerdictBarTest, TellsTheStoryInWordsAndNumbers)
{
    const auto result = makeSyntheticResult();
    EXPECT_EQ(outputText(*result), QStringLiteral("Output masks 25.0 dB"));
    EXPECT_EQ(worstModuleText(*result),
              QStringLiteral("decoder adds 90.0 % of the error with 1.7 % of the parameters"));
    EXPECT_EQ(coverageText(*result), QStringLiteral("80.0 % of ops compared (4 of 5)"));
    EXPECT_EQ(outputSeverity(*result), Severity::Bad);
}

TEST(VerdictBarTest, DoesNotRepeatTheModuleThatTheSentenceNames)
{
    ComparisonResult result = *makeSyntheticResult();
    result.divergence.verdict = Divergence::Verdict::Accumulated;
    EXPECT_TRUE(worstModuleText(result).isEmpty());
}

} // namespace
} // namespace syncpoint
