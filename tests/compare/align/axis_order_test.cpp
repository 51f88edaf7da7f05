#include "compare/align/axis_order.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace syncpoint {
namespace {

using Order = std::vector<std::size_t>;

NumberGrid normal(Shape shape, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> distribution;
    std::vector<float> numbers(*elementCount(shape));
    std::generate(numbers.begin(), numbers.end(), [&] { return distribution(random); });
    return {std::move(shape), std::move(numbers)};
}

/// With axis i where `order` says that it came from, and noise of a tenth of the signal.
NumberGrid moved(const NumberGrid &grid, const Order &order)
{
    const auto tensor = permuted(Tensor::fromFloats(grid.shape, grid.numbers), order).value();
    NumberGrid result{tensor.info().shape, decodeAll(tensor.view()).value()};
    const NumberGrid noise = normal(result.shape, 99);
    for (std::size_t i = 0; i < noise.numbers.size(); ++i) {
        result.numbers[i] += 0.1F * noise.numbers[i];
    }
    return result;
}

TEST(AxisOrderTest, TheNumbersTellWhichOfManyOrdersIsMeant)
{
    const NumberGrid own = normal({1, 8, 8, 8}, 1);

    EXPECT_TRUE(isAxisOrderOpen(own.shape, own.shape));
    EXPECT_EQ(axisOrderOf(own, own), (Order{0, 1, 2, 3}));
    EXPECT_EQ(axisOrderOf(own, moved(own, {0, 2, 3, 1})), (Order{0, 3, 1, 2}));
    EXPECT_EQ(axisOrderOf(own, moved(own, {0, 1, 3, 2})), (Order{0, 1, 3, 2}));
}

TEST(AxisOrderTest, ExtentsThatFitInOneOrderAreStillConfirmedByTheNumbers)
{
    const NumberGrid own = normal({3, 5, 7}, 1);

    EXPECT_TRUE(canOrderAxes(own.shape, Shape{7, 3, 5}));
    EXPECT_FALSE(isAxisOrderOpen(own.shape, Shape{7, 3, 5}));
    EXPECT_EQ(axisOrderOf(own, moved(own, {2, 0, 1})), (Order{1, 2, 0}));
    EXPECT_EQ(axisOrderOf(own, normal({7, 3, 5}, 2)), std::nullopt);
}

TEST(AxisOrderTest, NumbersThatAreAlikeInSeveralOrdersTellNothing)
{
    NumberGrid symmetric = normal({6, 6}, 1);
    for (std::size_t row = 0; row < 6; ++row) {
        for (std::size_t column = 0; column < row; ++column) {
            symmetric.numbers[row * 6 + column] = symmetric.numbers[column * 6 + row];
        }
    }

    EXPECT_EQ(axisOrderOf(symmetric, symmetric), std::nullopt);
    EXPECT_EQ(axisOrderOf({{6, 6}, std::vector<float>(36, 2.0F)}, symmetric), std::nullopt);
}

TEST(AxisOrderTest, OtherExtentsAndMissingNumbersFitInNoOrder)
{
    EXPECT_FALSE(canOrderAxes(Shape{2, 3}, Shape{2, 4}));
    EXPECT_FALSE(canOrderAxes(Shape{2, 3}, Shape{6}));
    EXPECT_EQ(axisOrderOf({{2, 3}, {1, 2}}, {{2, 3}, {1, 2}}), std::nullopt);
}

} // namespace
} // namespace syncpoint
