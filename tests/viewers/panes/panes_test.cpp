#include "tests/ui/synthetic_result.h"
#include "ui/models/hierarchy_model.h"
#include "ui/session/model_inspection.h"
#include "ui/session/selection.h"
#include "ui/session/session_controller.h"
#include "ui/theme/theme.h"
#include "viewers/hierarchy/hierarchy_viewer.h"
#include "viewers/inspector/inspector_viewer.h"
#include "viewers/source/qscintilla.h"
#include "viewers/source/source_viewer.h"
#include "viewers/sync_points/sync_points_viewer.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTreeView>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

class PanesTest : public testing::Test
{
protected:
    PanesTest()
    {
        QFile file(folder.filePath(QStringLiteral("net.py")));
        EXPECT_TRUE(file.open(QIODevice::WriteOnly));
        file.write("import torch\n\nx = conv(x)\nx = relu(x)\n\n\n\nx = x @ w\nx = softmax(x)\n");
        SessionConfig config;
        config.sourceFolders = {folder.path().toStdString()};
        controller.setConfig(config);
        const ViewerContext context{selection, controller, theme};
        hierarchy = makeHierarchyViewer(context);
        points = makeSyncPointsViewer(context);
        inspector = makeInspectorViewer(context);
        source = makeSourceViewer(context);
        for (Viewer *viewer : {hierarchy.get(), points.get(), inspector.get(), source.get()}) {
            viewer->widget()->resize(600, 400);
            viewer->widget()->show();
        }
    }

    void open()
    {
        for (Viewer *viewer : {hierarchy.get(), points.get(), inspector.get(), source.get()}) {
            viewer->setResult(makeSyntheticResult());
        }
    }

    QTableView *table() { return points->widget()->findChild<QTableView *>(); }
    QTreeView *tree() { return hierarchy->widget()->findChild<QTreeView *>(); }
    QString inspected()
    {
        return inspector->widget()->findChild<QTextBrowser *>()->toPlainText().remove(
            QChar(0x200B)); // places where long names may break
    }
    QsciScintilla *code() { return source->widget()->findChild<QsciScintilla *>(); }

    QTemporaryDir folder;
    Theme theme;
    Selection selection;
    SessionController controller{CompareEnvironment{}};
    std::unique_ptr<Viewer> hierarchy, points, inspector, source;
};

TEST_F(PanesTest, EnterInTheSearchGoesToTheFirstMatch)
{
    open();
    selection.clear();
    auto *search = points->widget()->findChild<QLineEdit *>();
    search->setText(QStringLiteral("Softmax"));
    QTest::keyClick(search, Qt::Key_Return);
    EXPECT_EQ(selection.current().point, SyncPointId{4});
}

TEST_F(PanesTest, NoColumnOfTheSyncPointsIsCutAtTheEdge)
{
    open();
    for (const int width : {380, 426, 492, 700}) {
        points->widget()->resize(width, 400);
        QCoreApplication::processEvents();
        const QHeaderView &header = *table()->horizontalHeader();
        const int edge = table()->viewport()->width();
        bool endsThere = false;
        for (int column = 0; column < header.count(); ++column) {
            endsThere = endsThere ||
                        header.sectionViewportPosition(column) + header.sectionSize(column) == edge;
        }
        EXPECT_TRUE(endsThere) << width;
    }
}

TEST_F(PanesTest, WithoutAResultEveryPaneSaysWhatWouldBeHere)
{
    for (Viewer *viewer : {hierarchy.get(), points.get(), inspector.get(), source.get()}) {
        viewer->setResult(nullptr);
        viewer->refresh();
        EXPECT_FALSE(viewer->title().isEmpty());
    }
    EXPECT_FALSE(table()->isVisible());
    EXPECT_FALSE(tree()->isVisible());
}

TEST_F(PanesTest, AModelAloneShowsItsModulesAndOps)
{
    SessionConfig config;
    config.baseline.model =
        std::filesystem::path(SYNCPOINT_TEST_DATA) / "../../examples/promptseg/baseline.onnx";
    const auto result = inspectModel(config, JobContext());
    ASSERT_TRUE(result);
    for (Viewer *viewer : {hierarchy.get(), points.get(), inspector.get(), source.get()}) {
        viewer->setResult(*result);
    }
    ASSERT_GT(tree()->model()->rowCount(), 0);
    EXPECT_TRUE(tree()->isColumnHidden(HierarchyModel::WorstColumn));
    EXPECT_FALSE(table()->isVisible());
    Selection::Item item;
    item.node = NodeId{0};
    selection.select(item, nullptr);
    EXPECT_FALSE(inspected().contains(QStringLiteral("–")));
}

TEST_F(PanesTest, TheWorstSourceOfErrorStandsOnTop)
{
    open();
    EXPECT_EQ(table()->model()->index(0, 0).data().toString(), QStringLiteral("/decoder/MatMul"));
    EXPECT_EQ(tree()->model()->index(0, 0).data().toString(), QStringLiteral("decoder"));
}

TEST_F(PanesTest, ChoosingARowUpdatesEveryOtherPane)
{
    open();
    table()->setCurrentIndex(table()->model()->index(0, 0));
    EXPECT_EQ(selection.current().point, SyncPointId{3});
    EXPECT_TRUE(inspected().contains(QStringLiteral("/decoder/MatMul")));
    EXPECT_TRUE(inspected().contains(QStringLiteral("20.0 dB")));
    EXPECT_EQ(tree()->currentIndex().data().toString(), QStringLiteral("MatMul"));
    int line = 0;
    int column = 0;
    code()->getCursorPosition(&line, &column);
    EXPECT_EQ(line, 7) << "net.py line 8";
}

TEST_F(PanesTest, DownWalksTheTable)
{
    open();
    table()->setCurrentIndex(table()->model()->index(0, 0));
    QTest::keyClick(table(), Qt::Key_Down);
    EXPECT_EQ(selection.current().point, SyncPointId{2});
}

TEST_F(PanesTest, SearchKeepsTheSelectionOfOtherPanes)
{
    open();
    table()->setCurrentIndex(table()->model()->index(0, 0));
    const auto before = selection.current();
    auto *search = points->widget()->findChild<QLineEdit *>();
    QTest::keyClicks(search, QStringLiteral("relu"));
    EXPECT_EQ(table()->model()->rowCount(), 1);
    EXPECT_EQ(selection.current(), before);
}

TEST_F(PanesTest, ChoosingAModuleShowsItsRollUp)
{
    open();
    tree()->setCurrentIndex(tree()->model()->index(0, 0));
    EXPECT_TRUE(selection.current().module.isValid());
    EXPECT_TRUE(inspected().contains(QStringLiteral("90.0 %")));
}

TEST_F(PanesTest, FrameworkFramesAreFoldedAway)
{
    open();
    table()->setCurrentIndex(table()->model()->index(0, 0));
    const QAbstractItemModel &frames = *source->widget()->findChild<QListView *>()->model();
    ASSERT_EQ(frames.rowCount(), 2);
    EXPECT_EQ(frames.index(0, 0).data().toString(), QStringLiteral("net.py:8  forward"));
    EXPECT_TRUE(frames.index(1, 0).data().toString().contains(QStringLiteral("1 framework")));
}

TEST_F(PanesTest, SwitchingTheThemeKeepsWhatIsShown)
{
    open();
    table()->setCurrentIndex(table()->model()->index(0, 0));
    theme.setMode(Theme::Mode::Dark);
    for (Viewer *viewer : {hierarchy.get(), points.get(), inspector.get(), source.get()}) {
        viewer->refresh();
    }
    EXPECT_TRUE(inspected().contains(QStringLiteral("/decoder/MatMul")));
}

TEST_F(PanesTest, StateComesBackAsItWas)
{
    open();
    auto *search = points->widget()->findChild<QLineEdit *>();
    search->setText(QStringLiteral("psnr<30"));
    const QJsonObject state = points->saveState();
    search->clear();
    points->restoreState(state);
    EXPECT_EQ(search->text(), QStringLiteral("psnr<30"));
}

} // namespace
} // namespace syncpoint
