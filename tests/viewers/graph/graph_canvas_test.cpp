#include "viewers/graph/graph_canvas.h"

#include "tests/viewers/graph/sample_model.h"
#include "viewers/graph/scene_builder.h"
#include "viewers/graph/scene_export.h"

#include <QApplication>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

class GraphCanvasTest : public testing::Test
{
protected:
    GraphCanvasTest()
    {
        LayoutCache cache;
        SceneRequest request;
        const auto graph = blockModel(3);
        request.result = sampleResult(graph);
        request.outline = makeOutline(graph, true, JobContext{}).value();
        request.expanded = {"/encoder"};
        scene = buildScene(request, cache, JobContext{}).value();
        canvas.resize(800, 600);
        canvas.show();
        canvas.setScene(scene, std::nullopt);
    }

    std::uint32_t box(SceneBox::Kind kind) const
    {
        for (std::uint32_t b = 1; b < scene->boxes.size(); ++b) {
            if (scene->boxes[b].kind == kind) {
                return b;
            }
        }
        return GraphOutline::kNone;
    }
    QPoint centreOf(std::uint32_t b) const
    {
        return canvas.view().toSurface(scene->boxes[b].rect.center()).toPoint();
    }

    Theme theme;
    std::shared_ptr<const GraphScene> scene;
    GraphCanvas canvas{theme};
};

TEST_F(GraphCanvasTest, PaintsAtEveryLevelOfDetail)
{
    for (const double scale : {0.1, 0.3, 1.0}) {
        canvas.setScale(scale);
        QImage image(800, 600, QImage::Format_RGB32);
        QPainter painter(&image);
        canvas.render(painter, canvas.view());
        painter.end();
        std::set<QRgb> colors;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                colors.insert(image.pixel(x, y));
            }
        }
        EXPECT_GT(colors.size(), 2U) << "scale " << scale;
    }
}

TEST_F(GraphCanvasTest, ClickReportsTheBoxUnderThePointer)
{
    QSignalSpy clicked(&canvas, &GraphCanvas::boxClicked);
    const std::uint32_t head = box(SceneBox::Kind::Op);
    QTest::mouseClick(canvas.viewport(), Qt::LeftButton, {}, centreOf(head));

    ASSERT_EQ(clicked.size(), 1);
    EXPECT_EQ(clicked[0][0].toUInt(), head);
}

TEST_F(GraphCanvasTest, DraggingScrollsAndDoesNotSelect)
{
    canvas.setScale(2.0);
    canvas.verticalScrollBar()->setValue(100);
    QSignalSpy clicked(&canvas, &GraphCanvas::boxClicked);
    QTest::mousePress(canvas.viewport(), Qt::LeftButton, {}, {400, 300});
    QTest::mouseMove(canvas.viewport(), {400, 250});
    QTest::mouseRelease(canvas.viewport(), Qt::LeftButton, {}, {400, 250});

    EXPECT_EQ(canvas.verticalScrollBar()->value(), 150);
    EXPECT_TRUE(clicked.isEmpty());
}

TEST_F(GraphCanvasTest, DoubleClickAndEnterToggleAModule)
{
    QSignalSpy toggled(&canvas, &GraphCanvas::toggleRequested);
    const std::uint32_t block = box(SceneBox::Kind::Collapsed);
    QTest::mouseDClick(canvas.viewport(), Qt::LeftButton, {}, centreOf(block));
    canvas.select(block);
    QTest::keyClick(&canvas, Qt::Key_Return);

    ASSERT_EQ(toggled.size(), 2);
    EXPECT_EQ(toggled[1][0].toUInt(), block);
}

TEST_F(GraphCanvasTest, ArrowsFollowTheEdges)
{
    QSignalSpy clicked(&canvas, &GraphCanvas::boxClicked);
    const std::uint32_t input = box(SceneBox::Kind::Input);
    canvas.select(input);
    QTest::keyClick(&canvas, Qt::Key_Down);

    ASSERT_EQ(clicked.size(), 1);
    const auto next = clicked[0][0].toUInt();
    EXPECT_EQ(scene->boxes[next].title, QStringLiteral("block0"));
    canvas.select(next);
    QTest::keyClick(&canvas, Qt::Key_Up);
    EXPECT_EQ(clicked[1][0].toUInt(), input);
}

TEST_F(GraphCanvasTest, TabWalksThroughEveryBox)
{
    std::set<std::uint32_t> seen;
    QObject::connect(&canvas, &GraphCanvas::boxClicked, &canvas, [&](std::uint32_t b) {
        seen.insert(b);
        canvas.select(b);
    });
    for (std::size_t i = 0; i < scene->boxes.size() + 3; ++i) {
        QTest::keyClick(&canvas, Qt::Key_Tab);
    }

    EXPECT_EQ(seen.size(), scene->boxes.size() - 1);
}

TEST_F(GraphCanvasTest, ZoomKeepsThePointUnderTheCursor)
{
    const QPointF at(300, 200);
    canvas.setScale(1.5);
    const QPointF before = canvas.view().toScene(at);
    QWheelEvent wheel(at, canvas.viewport()->mapToGlobal(at), {}, {0, 120}, Qt::NoButton,
                      Qt::ControlModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(canvas.viewport(), &wheel);

    EXPECT_GT(canvas.scale(), 1.5);
    EXPECT_NEAR(canvas.view().toScene(at).y(), before.y(), 1.0);
}

TEST_F(GraphCanvasTest, FitShowsTheWholeScene)
{
    canvas.setScale(3.0);
    canvas.fit();

    EXPECT_TRUE(canvas.view().area().contains(scene->bounds()));
}

TEST_F(GraphCanvasTest, WithoutASceneNothingHappens)
{
    canvas.setScene(nullptr, std::nullopt);
    canvas.setEmptyText(QStringLiteral("nothing yet"));
    canvas.fit();
    canvas.zoomBy(2.0);
    QTest::keyClick(&canvas, Qt::Key_Down);
    QTest::mouseClick(canvas.viewport(), Qt::LeftButton, {}, {10, 10});
    QTest::mouseDClick(canvas.viewport(), Qt::LeftButton, {}, {10, 10});

    EXPECT_FALSE(canvas.grab().isNull());
}

TEST_F(GraphCanvasTest, ExportsEveryFormat)
{
    const QTemporaryDir folder;
    ASSERT_TRUE(exportGraph({&canvas}, folder.filePath(QStringLiteral("g.svg"))));
    ASSERT_TRUE(exportGraph({&canvas}, folder.filePath(QStringLiteral("g.png"))));

    ASSERT_TRUE(exportGraph({&canvas, &canvas}, folder.filePath(QStringLiteral("g.pdf"))));
    ASSERT_TRUE(exportGraph({&canvas, &canvas}, folder.filePath(QStringLiteral("g.dot"))));

    QFile pdf(folder.filePath(QStringLiteral("g.pdf")));
    ASSERT_TRUE(pdf.open(QIODevice::ReadOnly));
    EXPECT_TRUE(pdf.read(8).startsWith("%PDF-"));
    QFile dot(folder.filePath(QStringLiteral("g.dot")));
    ASSERT_TRUE(dot.open(QIODevice::ReadOnly));
    EXPECT_TRUE(dot.readAll().startsWith("digraph"));
    QFile svg(folder.filePath(QStringLiteral("g.svg")));
    ASSERT_TRUE(svg.open(QIODevice::ReadOnly));
    EXPECT_TRUE(svg.readAll().contains("block0"));
    EXPECT_EQ(QImage(folder.filePath(QStringLiteral("g.png"))).width(),
              2 * canvas.viewport()->width());
}

TEST_F(GraphCanvasTest, ExportToAFolderThatIsNotThereIsAnError)
{
    const auto done = exportGraph({&canvas}, QStringLiteral("/nowhere/g.svg"));

    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::Io);
}

} // namespace
} // namespace syncpoint
