#include "compare/report/heatmap.h"

#include <gtest/gtest.h>
#include <limits>

namespace syncpoint {
namespace {

TEST(HeatmapTest, PlaneIsTheLastTwoAxesOfTheChosenChannel)
{
    const std::vector<float> values{0, 1, 2, 3, 4, 5, 6, 7};
    const Tensor tensor = Tensor::fromFloats({1, 2, 2, 2}, values);

    const auto plane = planeOf(tensor, 1);

    ASSERT_TRUE(plane);
    EXPECT_EQ(plane->slice, "[0, 1, :, :]");
    EXPECT_EQ(plane->values, (std::vector<float>{4, 5, 6, 7}));
}

TEST(HeatmapTest, LargePlanesAreSampled)
{
    const std::vector<float> values(500 * 300, 1.0F);
    const auto plane = planeOf(Tensor::fromFloats({500, 300}, values), 0);

    ASSERT_TRUE(plane);
    EXPECT_EQ(plane->rows, 96U);
    EXPECT_EQ(plane->columns, 96U);
}

TEST(HeatmapTest, NonfiniteValuesHaveTheirOwnColour)
{
    const std::vector<float> values{0.0F, std::numeric_limits<float>::quiet_NaN()};
    const auto plane = planeOf(Tensor::fromFloats({1, 2}, values), 0);
    ASSERT_TRUE(plane);

    const Image image = drawPlane(*plane, intervalOf(plane->values, {}), ColorMap::Viridis, 2);

    const std::size_t last = image.rgb.size() - 3;
    EXPECT_EQ(image.rgb[last], kNonfiniteColor.red);
    EXPECT_EQ(image.rgb[last + 1], kNonfiniteColor.green);
    EXPECT_EQ(image.rgb[last + 2], kNonfiniteColor.blue);
}

TEST(HeatmapTest, ScalarsAndVectorsHaveAPictureAndEmptyTensorsNone)
{
    const std::vector<float> one{1.0F};
    EXPECT_TRUE(planeOf(Tensor::fromFloats({}, one), 0));
    EXPECT_TRUE(planeOf(Tensor::fromFloats({1}, one), 5));
    EXPECT_FALSE(planeOf(Tensor::fromFloats({0, 4}, {}), 0));
}

TEST(ImageTest, PngStartsWithItsSignatureAndBase64IsPadded)
{
    const auto png = encodePng({1, 1, {255, 0, 0}});
    ASSERT_TRUE(png);
    EXPECT_EQ(png->substr(1, 3), "PNG");
    EXPECT_EQ(encodeBase64("a"), "YQ==");
    EXPECT_EQ(encodeBase64("ab"), "YWI=");
    EXPECT_EQ(encodeBase64("abc"), "YWJj");
    EXPECT_FALSE(encodePng({2, 2, {0}}));
}

} // namespace
} // namespace syncpoint
