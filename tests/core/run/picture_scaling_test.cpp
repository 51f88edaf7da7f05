#include "core/run/picture_scaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {
using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::FloatNear;
using Fit = PictureSettings::Fit;

TEST(PictureScalingTest, TheSameSizeIsTheSamePicture)
{
    const std::vector<float> levels{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F};
    EXPECT_EQ(scaled(levels, {3, 2}, {3, 2}, Fit::Stretch), levels);
    EXPECT_EQ(scaled(levels, {3, 2}, {3, 2}, Fit::Crop), levels);
}

TEST(PictureScalingTest, ShrinkingWeighsAllPixelsByATriangle)
{
    // Pixel 1 of 2 lies at 2 of 8 source pixels; the triangle reaches two pixels to either side.
    const std::vector<float> row{0.0F, 0.0F, 8.0F, 0.0F};
    const auto half = scaled(row, {4, 1}, {2, 1}, Fit::Stretch);

    EXPECT_THAT(half, ElementsAre(FloatEq(8.0F / 7.0F), FloatEq(24.0F / 7.0F)));
}

TEST(PictureScalingTest, EnlargingIsLinearBetweenPixelsAndFlatBeyondTheOutermost)
{
    const auto wide = scaled({0.0F, 4.0F}, {2, 1}, {4, 1}, Fit::Stretch);

    EXPECT_THAT(wide, ElementsAre(FloatEq(0.0F), FloatNear(1.0F, 1e-6F), FloatNear(3.0F, 1e-6F),
                                  FloatEq(4.0F)));
}

TEST(PictureScalingTest, CroppingKeepsTheMiddle)
{
    EXPECT_EQ(scaled({9.0F, 1.0F, 2.0F, 9.0F, 9.0F, 3.0F, 4.0F, 9.0F}, {4, 2}, {2, 2}, Fit::Crop),
              (std::vector{1.0F, 2.0F, 3.0F, 4.0F}));
}
} // namespace
} // namespace syncpoint
