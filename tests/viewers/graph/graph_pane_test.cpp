#include "viewers/graph/graph_pane.h"

#include "tests/viewers/graph/sample_model.h"
#include "ui/session/session_controller.h"

#include <QAction>
#include <QJsonObject>
#include <QMenu>
#include <QTest>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

class GraphPaneTest : public testing::Test
{
protected:
    GraphPaneTest()
    {
        pane = std::make_unique<GraphPane>(ViewerContext{selection, controller, theme});
        pane->widget()->resize(900, 700);
        pane->widget()->show();
    }

    void show(int blocks)
    {
        graph = blockModel(blocks);
        pane->setResult(sampleResult(graph));
        waitForScene([](const GraphScene &) { return true; });
    }
    void waitForScene(const std::function<bool(const GraphScene &)> &isReady)
    {
        ASSERT_TRUE(QTest::qWaitFor(
            [&] {
                const GraphScene *scene = pane->canvas().scene();
                return scene != nullptr && isReady(*scene);
            },
            5000));
    }
    const GraphScene &scene() { return *pane->canvas().scene(); }
    std::uint32_t boxTitled(const QString &title)
    {
        for (std::uint32_t b = 1; b < scene().boxes.size(); ++b) {
            if (scene().boxes[b].title == title) {
                return b;
            }
        }
        return GraphOutline::kNone;
    }
    Selection::Item itemFor(const std::string &name) const
    {
        Selection::Item item;
        item.node = nodeNamed(*graph, name);
        return item;
    }

    Theme theme;
    Selection selection;
    SessionController controller{CompareEnvironment{}};
    std::shared_ptr<const Graph> graph;
    std::unique_ptr<GraphPane> pane;
};

TEST_F(GraphPaneTest, StartsEmptyAndSaysWhy)
{
    EXPECT_EQ(pane->canvas().scene(), nullptr);
    EXPECT_FALSE(pane->widget()->grab().isNull());
}

TEST_F(GraphPaneTest, ClickingAnOpSelectsItForEveryPane)
{
    show(3);
    const std::uint32_t head = boxTitled(QStringLiteral("Gemm"));
    const QPoint at = pane->canvas().view().toSurface(scene().boxes[head].rect.center()).toPoint();
    QTest::mouseClick(pane->canvas().viewport(), Qt::LeftButton, {}, at);

    EXPECT_EQ(selection.current().node, nodeNamed(*graph, "head"));
    EXPECT_TRUE(selection.current().point.isValid());
    EXPECT_EQ(pane->canvas().selected(), head);
}

TEST_F(GraphPaneTest, ClickingAModuleSelectsTheModule)
{
    show(200);
    const std::uint32_t block = boxTitled(QStringLiteral("block1"));
    Q_EMIT pane->canvas().boxClicked(block);

    ASSERT_TRUE(selection.current().module.isValid());
    EXPECT_EQ(graph->module(selection.current().module).path, "encoder.block1");
}

TEST_F(GraphPaneTest, SelectingAnOpElsewhereOpensItsModuleAndShowsIt)
{
    show(200);
    ASSERT_EQ(boxTitled(QStringLiteral("Conv")), GraphOutline::kNone);
    selection.select(itemFor("b150/conv"), &theme);
    waitForScene([this](const GraphScene &) {
        return boxTitled(QStringLiteral("Conv")) != GraphOutline::kNone;
    });

    const std::uint32_t box = pane->canvas().selected();
    ASSERT_NE(box, GraphOutline::kNone);
    EXPECT_EQ(scene().boxes[box].subtitle, QStringLiteral("b150/conv"));
    EXPECT_TRUE(pane->canvas().isComfortablyVisible(box));
}

TEST_F(GraphPaneTest, ModuleOpensAndClosesInPlace)
{
    show(200);
    const std::uint32_t block = boxTitled(QStringLiteral("block7"));
    pane->canvas().setScale(1.0);
    pane->canvas().centreOn(block);
    const QPointF before = pane->canvas().view().toSurface(scene().boxes[block].rect.topLeft());
    const std::size_t boxes = scene().boxes.size();
    Q_EMIT pane->canvas().toggleRequested(block);
    waitForScene([&](const GraphScene &s) { return s.boxes.size() > boxes; });
    const std::uint32_t opened = boxTitled(QStringLiteral("block7"));
    const QPointF after = pane->canvas().view().toSurface(scene().boxes[opened].rect.topLeft());

    EXPECT_NEAR(before.y(), after.y(), 2.0);
    pane->canvas().select(opened);
    Q_EMIT pane->canvas().upRequested();
    waitForScene([&](const GraphScene &s) { return s.boxes.size() == boxes; });
}

TEST_F(GraphPaneTest, FindMarksOpsAndTheModulesThatHideThem)
{
    show(200);

    EXPECT_EQ(pane->find(QStringLiteral("relu b17/")), 1U);
    EXPECT_EQ(pane->canvas().highlighted(),
              std::set<std::uint32_t>{boxTitled(QStringLiteral("block17"))});
    EXPECT_EQ(pane->find(QStringLiteral("nothing")), 0U);
}

TEST_F(GraphPaneTest, ActionsHaveKeysAndWork)
{
    show(3);
    for (QAction *action : pane->actions()) {
        EXPECT_TRUE(action->objectName().startsWith(QStringLiteral("graph.")));
        if (action->objectName() != QStringLiteral("graph.export")) {
            action->trigger();
        }
    }
    waitForScene([](const GraphScene &) { return true; });
    pane->setComparing(false);
    pane->setSide(Side::Candidate);
    waitForScene([](const GraphScene &s) { return s.side == Side::Candidate; });
}

TEST_F(GraphPaneTest, BothSidesFollowOneSelectionAndScrollTogether)
{
    show(200);
    pane->setComparing(true);
    ASSERT_TRUE(QTest::qWaitFor([this] { return pane->otherCanvas().scene() != nullptr; }, 5000));
    Selection::Item item = itemFor("b150/conv");
    item.point = scene().scores[item.node.index()].point;
    selection.select(item, &theme);
    waitForScene([this](const GraphScene &) {
        return boxTitled(QStringLiteral("Conv")) != GraphOutline::kNone;
    });
    EXPECT_EQ(pane->otherCanvas().scene()->side, Side::Candidate);
    EXPECT_NE(pane->otherCanvas().selected(), GraphOutline::kNone);
    EXPECT_NEAR(pane->canvas().view().origin.y(), pane->otherCanvas().view().origin.y(), 2.0);

    Q_EMIT pane->otherCanvas().boxClicked(pane->otherCanvas().selected());
    EXPECT_EQ(selection.current().side, Side::Candidate);
    pane->setComparing(false);
    waitForScene([this](const GraphScene &) { return pane->otherCanvas().scene() == nullptr; });
}

TEST_F(GraphPaneTest, TheMenuOfABoxOffersTracesAndPairing)
{
    show(3);
    controller.setConfig({});
    QMenu menu;
    pane->fillMenu(menu, pane->canvas(), boxTitled(QStringLiteral("Gemm")));
    ASSERT_FALSE(menu.actions().isEmpty());
    menu.actions().front()->trigger();
    EXPECT_FALSE(pane->canvas().trace().empty());
    QTest::keyClick(&pane->canvas(), Qt::Key_Escape);
    EXPECT_TRUE(pane->canvas().trace().empty());
}

TEST_F(GraphPaneTest, AResultForTheSameStateComesBackToTheSamePlace)
{
    show(200);
    pane->canvas().setScale(1.5);
    pane->canvas().centreOn(boxTitled(QStringLiteral("block7")));
    const QPointF before = pane->canvas().view().origin;
    const QJsonObject state = pane->saveState();
    pane->setResult(sampleResult(graph));
    pane->restoreState(state);
    waitForScene([](const GraphScene &) { return true; });
    EXPECT_DOUBLE_EQ(pane->canvas().scale(), 1.5);
    EXPECT_NEAR(pane->canvas().view().origin.y(), before.y(), 2.0);
}

TEST_F(GraphPaneTest, ClosingWhileComparingIsSafe)
{
    pane->setResult(sampleResult(blockModel(500)));
    pane->setComparing(true);
    pane.reset();
}

TEST_F(GraphPaneTest, StateSurvivesASession)
{
    show(3);
    pane->setColoring(Coloring::OpType);
    const QJsonObject state = pane->saveState();
    GraphPane other(ViewerContext{selection, controller, theme});
    other.restoreState(state);

    EXPECT_EQ(other.saveState(), state);
}

TEST_F(GraphPaneTest, ClosingWhileLayingOutIsSafe)
{
    pane->setResult(sampleResult(blockModel(2000)));
    pane->setFoldQuantization(false);
    pane.reset();
}

TEST_F(GraphPaneTest, ResultWithoutGraphsIsExplained)
{
    pane->setResult(std::make_shared<ComparisonResult>());

    EXPECT_EQ(pane->canvas().scene(), nullptr);
}

} // namespace
} // namespace syncpoint
