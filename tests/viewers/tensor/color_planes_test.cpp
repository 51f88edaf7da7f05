#include "viewers/tensor/color_planes.h"

#include "tests/viewers/tensor/test_planes.h"
#include "viewers/tensor/plane_render.h"

#include <cmath>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

PlaneAxes colorAxes(const Shape &shape)
{
    PlaneAxes axes = guessAxes(shape);
    axes.color = guessColorAxis(shape, axes);
    return axes;
}

TEST(ColorAxisTest, IsFoundBeforeAndBehindThePicture)
{
    EXPECT_EQ(colorAxes({1, 3, 32, 32}).color, 1U);
    EXPECT_EQ(colorAxes({1, 32, 32, 3}).color, 3U);
    EXPECT_EQ(colorAxes({32, 32, 4}).color, 2U);
}

TEST(ColorAxisTest, OtherTensorsHaveNone)
{
    EXPECT_FALSE(colorAxes({1, 16, 32, 32}).color);
    EXPECT_FALSE(colorAxes({32, 32}).color);
    EXPECT_FALSE(colorAxes({3}).color);
    EXPECT_FALSE(colorAxes({}).color);
}

TEST(ColorPlanesTest, BothLayoutsGiveTheSamePicture)
{
    const auto values = counting(2 * 2 * 3);
    std::vector<float> first(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        first[i % 3 * 4 + i / 3] = values[i];
    }
    PlaneAxes last{0, 1, {0, 0, 0}, std::nullopt, 2};
    PlaneAxes leading{1, 2, {0, 0, 0}, std::nullopt, 0};
    const auto a = extractColors(values, Shape{2, 2, 3}, last);
    const auto b = extractColors(first, Shape{3, 2, 2}, leading);
    for (std::size_t channel = 0; channel < 3; ++channel) {
        for (std::size_t i = 0; i < 4; ++i) {
            EXPECT_EQ(a[channel].values[i], b[channel].values[i]);
        }
    }
}

TEST(ColorPlanesTest, TheDifferenceKeepsTheLargestOfTheChannels)
{
    const std::vector<float> errors{0.1F, -5.0F, 0.0F, 2.0F, 0.0F, std::nanf("")};
    const Plane largest =
        largestOf(extractColors(errors, Shape{3, 1, 2}, {1, 2, {0, 0, 0}, std::nullopt, 0}));
    EXPECT_EQ(largest.at(0, 0), 0.1F);
    EXPECT_TRUE(std::isnan(largest.at(0, 1)));
}

TEST(RenderColorsTest, UndoesTheNormalizationOfEveryChannel)
{
    const std::vector<float> red{1.0F}, green{0.0F}, blue{-1.0F};
    PlaneColors colors;
    colors.levels = {{{0.5, 0.5}, {0.25, 0.2}, {0.5, 0.5}}}; // deviation and mean
    const QImage image = renderColors({red, green, blue}, 1, colors);
    EXPECT_EQ(image.pixelColor(0, 0), QColor(255, 51, 0));
}

TEST(RenderColorsTest, TakesTheRangeWhereNoNormalizationIsKnownAndMarksNan)
{
    const std::vector<float> red{4.0F, 0.0F}, green{2.0F, std::nanf("")}, blue{-9.0F, 0.0F};
    PlaneColors colors;
    colors.range = {0.0, 4.0};
    const QImage image = renderColors({red, green, blue}, 2, colors);
    EXPECT_EQ(image.pixelColor(0, 0), QColor(255, 128, 0));
    EXPECT_EQ(image.pixelColor(1, 0), QColor(255, 0, 255));
}

} // namespace
} // namespace syncpoint
