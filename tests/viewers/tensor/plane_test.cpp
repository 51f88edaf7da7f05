#include "viewers/tensor/plane.h"

#include "tests/viewers/tensor/test_planes.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace syncpoint {
namespace {

TEST(GuessAxesTest, TakesHeightAndWidthOfNchw)
{
    const PlaneAxes axes = guessAxes(Shape{1, 16, 32, 32});
    EXPECT_EQ(axes.row, 2U);
    EXPECT_EQ(axes.column, 3U);
}

TEST(GuessAxesTest, LeavesColourChannelsOfNhwcOut)
{
    const PlaneAxes axes = guessAxes(Shape{1, 64, 48, 3});
    EXPECT_EQ(axes.row, 1U);
    EXPECT_EQ(axes.column, 2U);
}

TEST(GuessAxesTest, ShowsChannelsWhenThePictureIsASinglePixel)
{
    const PlaneAxes axes = guessAxes(Shape{1, 128, 1, 1});
    EXPECT_EQ(axes.column, 1U);
    EXPECT_NE(axes.row, axes.column);
}

TEST(ExtractPlaneTest, CutsTheChosenSlice)
{
    const Shape shape{2, 3, 4};
    PlaneAxes axes = guessAxes(shape);
    axes.fixed[0] = 1;

    const auto data = counting(24);
    const Plane plane = extractPlane(data, shape, axes);

    ASSERT_EQ(plane.rows, 3U);
    ASSERT_EQ(plane.columns, 4U);
    EXPECT_EQ(plane.at(0, 0), 12.0F);
    EXPECT_EQ(plane.at(2, 3), 23.0F);
}

TEST(ExtractPlaneTest, MapsEveryCellBackToItsElementForAnyPairOfAxes)
{
    const Shape shape{2, 3, 4, 5};
    const auto data = counting(120);
    for (std::size_t row = 0; row < 4; ++row) {
        for (std::size_t column = 0; column < 4; ++column) {
            if (row == column) {
                continue;
            }
            PlaneAxes axes;
            axes.row = row;
            axes.column = column;
            axes.fixed = {1, 2, 3, 4};
            const Plane plane = extractPlane(data, shape, axes);
            for (std::size_t r = 0; r < plane.rows; ++r) {
                for (std::size_t c = 0; c < plane.columns; ++c) {
                    EXPECT_EQ(plane.at(r, c), static_cast<float>(plane.flatIndex(r, c)));
                }
            }
        }
    }
}

TEST(ExtractPlaneTest, ShowsScalarsAndVectorsAsOneRow)
{
    EXPECT_EQ(extractPlane(counting(1), Shape{}, guessAxes(Shape{})).columns, 1U);
    const Plane line = extractPlane(counting(7), Shape{7}, guessAxes(Shape{7}));
    EXPECT_EQ(line.rows, 1U);
    EXPECT_EQ(line.columns, 7U);
}

TEST(ExtractPlaneTest, ClampsIndicesThatBelongToAnotherShape)
{
    const Shape shape{2, 2, 2};
    PlaneAxes axes = guessAxes(shape);
    axes.fixed[0] = 99;
    EXPECT_EQ(extractPlane(counting(8), shape, axes).at(0, 0), 4.0F);
}

TEST(ExtractPlaneTest, IsEmptyWhenTheDataDoNotFitTheShape)
{
    EXPECT_TRUE(extractPlane(counting(5), Shape{2, 3}, guessAxes(Shape{2, 3})).isEmpty());
}

TEST(UnravelTest, IsTheInverseOfTheFlatIndex)
{
    EXPECT_EQ(unravel(23, Shape{2, 3, 4}), (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(indexText(unravel(23, Shape{2, 3, 4})), "[1, 2, 3]");
}

std::vector<float> differences(const std::vector<float> &a, const std::vector<float> &b,
                               DifferenceKind kind, double step = 0.0)
{
    const FloatArray array = difference(a, b, kind, step);
    return {array.values().begin(), array.values().end()};
}

TEST(DifferenceTest, ComputesEveryKind)
{
    const std::vector<float> a{1.0F, -2.0F};
    const std::vector<float> b{1.5F, -3.0F};
    EXPECT_EQ(differences(a, b, DifferenceKind::Signed), (std::vector<float>{0.5F, -1.0F}));
    EXPECT_EQ(differences(a, b, DifferenceKind::Absolute), (std::vector<float>{0.5F, 1.0F}));
    EXPECT_EQ(differences(a, b, DifferenceKind::Squared), (std::vector<float>{0.25F, 1.0F}));
    EXPECT_EQ(differences(a, b, DifferenceKind::Relative), (std::vector<float>{0.5F, 0.5F}));
    EXPECT_EQ(differences(a, b, DifferenceKind::QuantizationSteps, 0.25),
              (std::vector<float>{2.0F, -4.0F}));
}

TEST(DifferenceTest, HasNoQuantizationStepsWithoutAScale)
{
    const std::vector<float> a{1.0F};
    EXPECT_TRUE(std::isnan(differences(a, a, DifferenceKind::QuantizationSteps)[0]));
}

TEST(ContactSheetTest, EveryCellLeadsBackToItsElementAndTheOthersAreEmpty)
{
    const Shape shape{2, 7, 3, 5};
    const auto data = counting(210);
    PlaneAxes axes = guessAxes(shape);
    axes.fixed[0] = 1;
    axes.sheet = guessSheetAxis(shape, axes);
    ASSERT_EQ(axes.sheet, 1U);

    const Plane plane = extractPlane(data, shape, axes);

    std::size_t filled = 0;
    for (std::size_t row = 0; row < plane.rows; ++row) {
        for (std::size_t column = 0; column < plane.columns; ++column) {
            if (plane.has(row, column)) {
                ++filled;
                EXPECT_EQ(plane.at(row, column), data[plane.flatIndex(row, column)]);
                const auto index = unravel(plane.flatIndex(row, column), shape);
                EXPECT_EQ(cellOf(plane, axes, index), (PlaneCell{row, column}));
            }
        }
    }
    EXPECT_EQ(filled, 7U * 3U * 5U);
}

TEST(ReducePlaneTest, MeanAndLargestOfBlocksWithAShortLastOne)
{
    Plane plane;
    plane.rows = 1;
    plane.columns = 5;
    plane.own({1.0F, 3.0F, -8.0F, 2.0F, 5.0F});

    EXPECT_EQ(reducePlane(plane, 2, Reduction::Mean), (std::vector<float>{2.0F, -3.0F, 5.0F}));
    EXPECT_EQ(reducePlane(plane, 2, Reduction::Largest), (std::vector<float>{3.0F, -8.0F, 5.0F}));
}

TEST(ReducePlaneTest, NanIsNeverAveragedAway)
{
    Plane plane;
    plane.rows = 2;
    plane.columns = 2;
    plane.own({1.0F, std::nanf(""), 7.0F, 2.0F});

    EXPECT_TRUE(std::isnan(reducePlane(plane, 2, Reduction::Mean)[0]));
    EXPECT_TRUE(std::isnan(reducePlane(plane, 2, Reduction::Largest)[0]));
}

TEST(DifferenceTest, UlpCountsTheFloatsBetween)
{
    const float one = 1.0F;
    const float next = std::nextafter(1.0F, 2.0F);
    const float tiny = std::numeric_limits<float>::denorm_min();
    const std::vector<float> a{one, next, -tiny, 0.0F};
    const std::vector<float> b{next, one, tiny, -0.0F};

    EXPECT_EQ(differences(a, b, DifferenceKind::Ulp),
              (std::vector<float>{1.0F, -1.0F, 2.0F, 0.0F}));
}

} // namespace
} // namespace syncpoint
