#include "tests/viewers/tensor/test_planes.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/plane_camera.h"
#include "viewers/tensor/plane_pictures.h"
#include "viewers/tensor/range_bar.h"
#include "viewers/tensor/tensor_pane.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>

namespace syncpoint {
namespace {

PlaneColors greys(double low, double high)
{
    PlaneColors colors;
    colors.range = {low, high};
    colors.map = ColorMap::Grey;
    return colors;
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
    const std::vector<float> values{0.0F, 1.0F, std::nanf("")};
    const QImage image = renderPlane(values, 3, greys(0.0, 1.0));
    EXPECT_EQ(image.pixelColor(0, 0), QColor(0, 0, 0));
    EXPECT_EQ(image.pixelColor(1, 0), QColor(255, 255, 255));
    EXPECT_EQ(image.pixelColor(2, 0), QColor(255, 0, 255));
}

TEST(RenderPlaneTest, MarksWhatIsOutsideTheRangeAndBelowZero)
{
    const std::vector<float> values{-2.0F, -0.5F, 0.5F, 2.0F, std::nanf("")};
    PlaneColors colors = greys(-1.0, 1.0);
    colors.marksOutside = true;
    colors.marksNegative = true;
    const QImage image = renderPlane(values, 5, colors);
    const auto expected = [](const Rgb &color) {
        return QColor(color.red, color.green, color.blue);
    };
    EXPECT_EQ(image.pixelColor(0, 0), expected(kBelowColor));
    EXPECT_EQ(image.pixelColor(1, 0), expected(kNegativeColor));
    EXPECT_EQ(image.pixelColor(3, 0), expected(kAboveColor));
    EXPECT_EQ(image.pixelColor(4, 0), expected(kNonfiniteColor));
}

TEST(RenderPlaneTest, FastAndGeneralPathGiveTheSameColours)
{
    std::vector<float> values;
    for (int i = 0; i <= 1000; ++i) {
        values.push_back(static_cast<float>(i) * 0.013F - 6.5F);
    }
    PlaneColors plain;
    plain.range = {-5.0, 5.0};
    const QImage image = renderPlane(values, values.size(), plain);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Rgb general = colorOf(values[i], plain);
        const QColor fast = image.pixelColor(static_cast<int>(i), 0);
        EXPECT_NEAR(fast.red(), general.red, 4) << values[i];
        EXPECT_NEAR(fast.green(), general.green, 4) << values[i];
        EXPECT_NEAR(fast.blue(), general.blue, 4) << values[i];
    }
}

TEST(MapPositionTest, KeepsTheOrderOfValuesOnEveryScale)
{
    for (const ValueScale scale : {ValueScale::Linear, ValueScale::Logarithmic,
                                   ValueScale::SymmetricLogarithmic, ValueScale::Gamma}) {
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
    view.setPlane(planeOf(4, 4, std::vector<float>(16, 0.0F)), Reduction::Mean);
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
    view.setPlane(planeOf(4, 4, std::vector<float>(16, 0.0F)), Reduction::Mean);
    QTest::mouseClick(&view, Qt::LeftButton, {}, {75, 145});
    EXPECT_EQ(camera.picked(), QPoint(1, 2));
}

TEST(PlaneViewTest, ArrowKeysMoveThePickedCellAndStopAtTheBorder)
{
    Theme theme;
    PlaneCamera camera;
    PlaneView view(QStringLiteral("A"), camera, theme);
    view.resize(200, 220);
    view.setPlane(planeOf(4, 4, std::vector<float>(16, 0.0F)), Reduction::Mean);
    camera.pick(QPoint(2, 2));
    QTest::keyClick(&view, Qt::Key_Right);
    QTest::keyClick(&view, Qt::Key_Right);
    QTest::keyClick(&view, Qt::Key_Up);
    EXPECT_EQ(camera.picked(), QPoint(3, 1));
}

TEST(PlaneViewTest, DrawsAMillionCellsWithoutMorePixelsThanTheScreenHas)
{
    Theme theme;
    PlaneCamera camera;
    PlaneView view(QStringLiteral("A"), camera, theme);
    view.resize(250, 270);
    std::vector<float> values(1000 * 1000, 0.0F);
    values[500 * 1000 + 500] = 1.0F;
    view.setColors(greys(0.0, 1.0));
    view.setPlane(planeOf(1000, 1000, values), Reduction::Largest);

    const QImage image = view.grab().toImage();
    EXPECT_EQ(image.pixelColor(125, 145), QColor(Qt::white)) << "the one wrong cell is in view";
    EXPECT_EQ(image.pixelColor(60, 80), QColor(Qt::black));
}

TEST(PlanePicturesTest, SwipeShowsBaselineLeftAndCandidateRightOfTheLine)
{
    Theme theme;
    PlanePictures pictures(theme);
    pictures.resize(404, 224);
    pictures.show();
    const PlaneColors grey = greys(0.0, 1.0);
    pictures.baseline().setPlane(planeOf(2, 4, std::vector<float>(8, 0.0F)), Reduction::Mean);
    pictures.candidate().setPlane(planeOf(2, 4, std::vector<float>(8, 1.0F)), Reduction::Mean);
    pictures.baseline().setColors(grey);
    pictures.candidate().setColors(grey);
    pictures.setMode(PictureMode::Swipe);
    QTest::qWait(1);

    PlaneView &view = pictures.candidate();
    EXPECT_TRUE(view.isVisible());
    EXPECT_FALSE(pictures.baseline().isVisible());
    const QPoint middle = view.rect().center() + QPoint(0, 10);
    const auto colorAt = [&view](const QPoint &at) { return view.grab().toImage().pixelColor(at); };
    EXPECT_EQ(colorAt(middle - QPoint(60, 0)), QColor(Qt::black));
    EXPECT_EQ(colorAt(middle + QPoint(60, 0)), QColor(Qt::white));

    QTest::mousePress(&view, Qt::LeftButton, {}, middle);
    const QPointF there(middle + QPoint(100, 0));
    QMouseEvent move(QEvent::MouseMove, there, there, there, Qt::NoButton, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&view, &move);
    EXPECT_EQ(colorAt(middle + QPoint(60, 0)), QColor(Qt::black)) << "the line was dragged";
}

TEST(TensorPaneTest, GoesToATypedIndexAndRefusesOneOutside)
{
    Theme theme;
    TensorPane pane(theme);
    std::vector<float> b(24, 0.0F);
    b[21] = 5.0F;
    pane.setContent(contentOf({2, 3, 4}, std::vector<float>(24, 0.0F), b));
    const auto says = [&pane](const QString &text) {
        const auto labels = pane.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
                           [&text](const QLabel *label) { return label->text().contains(text); });
    };
    auto *edit = pane.findChild<QLineEdit *>();
    pane.askIndex();
    QTest::keyClicks(edit, QStringLiteral("[1, 2, -3]"));
    QTest::keyClick(edit, Qt::Key_Return);
    EXPECT_TRUE(says(QStringLiteral("B 5")));
    pane.askIndex();
    QTest::keyClicks(edit, QStringLiteral("1, 3, 0"));
    QTest::keyClick(edit, Qt::Key_Return);
    EXPECT_TRUE(says(QStringLiteral("no index of a tensor of 2×3×4")));
}

TEST(TensorPaneTest, ContactSheetShowsEverySliceAndReadsTheRightElement)
{
    Theme theme;
    TensorPane pane(theme);
    pane.resize(900, 400);
    std::vector<float> values(6 * 2 * 2);
    std::iota(values.begin(), values.end(), 0.0F);
    pane.setContent(contentOf({1, 6, 2, 2}, values, values));
    pane.toggles().front()->setChecked(true);
    const Plane &plane = pane.pictures().plane();
    EXPECT_EQ(plane.tiles, 6U);
    pane.goTo(4 * 4 + 3);
    const PlaneCell cell =
        cellOf(plane, {2, 3, {0, 0, 0, 0}, 1, {}}, std::vector<std::int64_t>{0, 4, 1, 1});
    EXPECT_EQ(plane.at(cell.row, cell.column), 19.0F);
    EXPECT_EQ(plane.flatIndex(cell.row, cell.column), 19U);
}

TEST(TensorPaneTest, ATileThatLosesNumbersIsNotCalledExact)
{
    Theme theme;
    TensorPane pane(theme);
    pane.resize(900, 400);
    std::vector<float> lost(3 * 2 * 2, 1.0F);
    lost[5] = std::numeric_limits<float>::quiet_NaN(); // in the second of three channels
    TensorContent content = contentOf({1, 3, 2, 2}, std::vector<float>(12, 1.0F), lost);
    content.channels = ChannelScores{1, {0.0, 0.0, 0.01}, 2};
    pane.setContent(content);
    pane.toggles().front()->setChecked(true);
    EXPECT_EQ(pane.pictures().difference().tileNames(),
              (QStringList{QStringLiteral("0 · exact"), QStringLiteral("1 · NaN"),
                           QStringLiteral("2 · 20.0 dB")}));
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

QAction *toggleOf(const TensorPane &pane, const char *key)
{
    const auto toggles = pane.toggles();
    const auto found = std::find_if(toggles.begin(), toggles.end(), [key](const QAction *toggle) {
        return toggle->objectName() == QLatin1String(key);
    });
    return found == toggles.end() ? nullptr : *found;
}

TEST(TensorPaneTest, EachSideMayHaveItsOwnRangeAndSaysSo)
{
    Theme theme;
    TensorPane pane(theme);
    pane.resize(900, 400);
    pane.setContent(contentOf({2, 2}, {0, 0, 0, 1}, {0, 0, 0, 10}));
    toggleOf(pane, "tensor.ownRanges")->setChecked(true);
    EXPECT_EQ(pane.pictures().baseline().colors().range, (ValueRange{0.0, 1.0}));
    EXPECT_EQ(pane.pictures().candidate().colors().range, (ValueRange{0.0, 10.0}));
    const auto labels = pane.findChildren<QLabel *>();
    EXPECT_TRUE(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text() == QStringLiteral("each side in its own range");
    }));
    toggleOf(pane, "tensor.ownRanges")->setChecked(false);
    EXPECT_EQ(pane.pictures().baseline().colors().range, (ValueRange{0.0, 10.0}));
}

TEST(TensorPaneTest, ADraggedRangeStaysWithItsTensor)
{
    Theme theme;
    TensorPane pane(theme);
    pane.resize(900, 400);
    const auto show = [&pane](const std::string &name) {
        TensorContent content = contentOf({2, 2}, {0, 0, 0, 10}, {0, 0, 0, 10});
        content.reference.name = name;
        pane.setContent(std::move(content));
    };
    show("first");
    auto *bar = pane.findChild<RangeBar *>();
    QTest::keyClick(bar, Qt::Key_Left); // the upper end
    const ValueRange dragged = bar->range();
    EXPECT_LT(dragged.high, 10.0);
    show("second");
    EXPECT_EQ(bar->range(), (ValueRange{0.0, 10.0}));
    show("first");
    EXPECT_EQ(bar->range(), dragged);
}

TEST(TensorPaneTest, AColourPictureReadsAllThreeChannels)
{
    Theme theme;
    TensorPane pane(theme);
    pane.resize(900, 400);
    std::vector<float> values(3 * 2 * 2);
    std::iota(values.begin(), values.end(), 0.0F);
    pane.setContent(contentOf({1, 3, 2, 2}, values, values));
    toggleOf(pane, "tensor.color")->setChecked(true);
    pane.goTo(1);
    const auto labels = pane.findChildren<QLabel *>();
    EXPECT_TRUE(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text().contains(QStringLiteral("A RGB 1 5 9"));
    }));
    EXPECT_FALSE(pane.grab().toImage().isNull());
}

TEST(RangeBarTest, MarksTheNumbersOfTheGridInsideItsRangeOnly)
{
    Theme theme;
    RangeBar bar(theme);
    bar.resize(420, 56);
    bar.setHistograms({{0.0, 10.0}, {}}, {{0.0, 10.0}, {}});
    bar.setRange({0.0, 10.0});
    const auto marks = [&bar](int from, int to) {
        const QImage picture = bar.grab().toImage();
        int changes = 0;
        for (int x = from + 1; x < to; ++x) {
            changes += picture.pixel(x, 10) != picture.pixel(x - 1, 10) ? 1 : 0;
        }
        return changes / 2; // into a line and out of it
    };
    EXPECT_EQ(marks(30, 390), 0);
    bar.setGrid(QuantizationGrid{1.0, {0.0, 5.0}});
    EXPECT_NEAR(marks(30, 200), 4, 1); // 1 to 4
    EXPECT_LE(marks(240, 390), 1);     // nothing beyond 5
    bar.setGrid(QuantizationGrid{0.001, {0.0, 1000.0}});
    EXPECT_EQ(marks(30, 390), 0) << "too close to be told apart";
    EXPECT_FALSE(bar.toolTip().isEmpty());
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
