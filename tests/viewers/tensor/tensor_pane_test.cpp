#include "ui/theme/theme.h"
#include "viewers/tensor/plane_camera.h"
#include "viewers/tensor/plane_view.h"
#include "viewers/tensor/range_bar.h"
#include "viewers/tensor/tensor_pane.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

Plane planeOf(std::size_t rows, std::size_t columns, std::vector<float> values)
{
    Plane plane;
    plane.rows = rows;
    plane.columns = columns;
    plane.values = std::move(values);
    plane.rowStride = columns;
    plane.columnStride = 1;
    return plane;
}

TensorContent contentOf(const Shape &shape, std::vector<float> a, std::vector<float> b)
{
    TensorContent content;
    content.shape = shape;
    content.reference.captured = Tensor::fromFloats(shape, a);
    content.candidate.captured = Tensor::fromFloats(shape, b);
    content.extent = extentOf(a, b);
    content.reference.histogram = histogramOf(a, content.extent, 16);
    content.candidate.histogram = histogramOf(b, content.extent, 16);
    content.reference.values = std::move(a);
    content.candidate.values = std::move(b);
    return content;
}

TEST(RenderPlaneTest, PaintsTheEndsOfTheMapAndMarksNonfiniteValues)
{
    const Plane plane = planeOf(1, 3, {0.0F, 1.0F, std::nanf("")});
    const QImage image = renderPlane(plane, {0.0, 1.0}, ColorMap::Grey, ValueScale::Linear);
    EXPECT_EQ(image.pixelColor(0, 0), QColor(0, 0, 0));
    EXPECT_EQ(image.pixelColor(1, 0), QColor(255, 255, 255));
    EXPECT_EQ(image.pixelColor(2, 0), QColor(255, 0, 255));
}

TEST(MapPositionTest, KeepsTheOrderOfValuesOnEveryScale)
{
    for (const ValueScale scale :
         {ValueScale::Linear, ValueScale::Logarithmic, ValueScale::SymmetricLogarithmic}) {
        double before = -1.0;
        for (double value = -2.0; value <= 2.0; value += 0.125) {
            const double position = mapPosition(value, {-2.0, 2.0}, scale);
            EXPECT_GE(position, before);
            before = position;
        }
        EXPECT_DOUBLE_EQ(mapPosition(2.0, {-2.0, 2.0}, scale), 1.0);
    }
}

TEST(PlaneViewTest, FindsTheCellUnderThePointerWhenFitted)
{
    Theme theme;
    PlaneCamera camera;
    PlaneView view(QStringLiteral("A"), camera, theme);
    view.resize(200, 220); // 20 pixels of header above a 200×200 canvas
    view.setPlane(planeOf(4, 4, std::vector<float>(16, 0.0F)));
    EXPECT_EQ(view.cellAt({1.0, 21.0}), QPoint(0, 0));
    EXPECT_EQ(view.cellAt({199.0, 219.0}), QPoint(3, 3));
    EXPECT_FALSE(view.cellAt({10.0, 5.0}).has_value());
}

TEST(PlaneViewTest, PicksInAllPicturesThatShareTheCamera)
{
    Theme theme;
    PlaneCamera camera;
    PlaneView view(QStringLiteral("A"), camera, theme);
    view.resize(200, 220);
    view.setPlane(planeOf(4, 4, std::vector<float>(16, 0.0F)));
    QTest::mouseClick(&view, Qt::LeftButton, {}, {75, 145});
    EXPECT_EQ(camera.picked(), QPoint(1, 2));
}

TEST(TensorPaneTest, GoesToTheWorstElementOnAnotherSlice)
{
    Theme theme;
    TensorPane pane(theme);
    std::vector<float> b(2 * 3 * 4, 0.0F);
    b[21] = 5.0F; // [1, 2, 1]
    pane.setContent(contentOf({2, 3, 4}, std::vector<float>(24, 0.0F), b));
    pane.goToWorst();
    const auto labels = pane.findChildren<QLabel *>();
    const bool found = std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text().contains(QStringLiteral("[1, 2, 1]")) &&
               label->text().contains(QStringLiteral("B 5"));
    });
    EXPECT_TRUE(found);
}

TEST(TensorPaneTest, PaintsBothPicturesInOneRange)
{
    Theme theme;
    TensorPane pane(theme);
    pane.resize(900, 400);
    pane.setContent(contentOf({2, 2}, {0, 0, 0, 1}, {0, 0, 0, 10}));
    const auto *bar = pane.findChild<RangeBar *>();
    ASSERT_NE(bar, nullptr);
    EXPECT_EQ(bar->range(), (ValueRange{0.0, 10.0}));
    EXPECT_FALSE(pane.grab().toImage().isNull());
}

TEST(RangeBarTest, TellsWhenTheKeyboardMovesAHandle)
{
    Theme theme;
    RangeBar bar(theme);
    bar.resize(400, 56);
    bar.setHistograms({{0.0, 1.0}, {1, 1}}, {{0.0, 1.0}, {1, 1}});
    bar.setRange({0.0, 1.0});
    const QSignalSpy dragged(&bar, &RangeBar::rangeDragged);
    QTest::keyClick(&bar, Qt::Key_Left);
    EXPECT_EQ(dragged.count(), 1);
    EXPECT_NEAR(bar.range().high, 0.99, 1e-9);
}

} // namespace
} // namespace syncpoint
