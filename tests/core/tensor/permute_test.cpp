#include "core/tensor/decode.h"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

namespace syncpoint {
namespace {

using testing::ElementsAre;

TEST(PermutedTest, MatchesIndexArithmeticOnEveryPermutationOfFourAxes)
{
    const Shape shape{3, 37, 1, 41};
    std::vector<float> values(3 * 37 * 41);
    std::iota(values.begin(), values.end(), 0.0F);
    const Tensor tensor = Tensor::fromFloats(shape, values);
    std::array<std::size_t, 4> permutation{0, 1, 2, 3};
    const std::array<std::size_t, 4> strides{37 * 41, 41, 41, 1};
    do {
        const auto out = permuted(tensor, permutation);
        ASSERT_TRUE(out);
        const auto result = decodeAll(out->view());
        const Shape &to = out->info().shape;
        std::size_t at = 0;
        for (std::size_t a = 0; a < static_cast<std::size_t>(to[0]); ++a) {
            for (std::size_t b = 0; b < static_cast<std::size_t>(to[1]); ++b) {
                for (std::size_t c = 0; c < static_cast<std::size_t>(to[2]); ++c) {
                    for (std::size_t d = 0; d < static_cast<std::size_t>(to[3]); ++d) {
                        const std::size_t from =
                            a * strides[permutation[0]] + b * strides[permutation[1]] +
                            c * strides[permutation[2]] + d * strides[permutation[3]];
                        ASSERT_EQ((*result)[at++], values[from]);
                    }
                }
            }
        }
    } while (std::next_permutation(permutation.begin(), permutation.end()));
}

TEST(PermutedTest, PackedElementsAndTheirAxisMove)
{
    auto parameters = std::make_shared<Quantization>();
    parameters->scales = {1.0, 10.0};
    parameters->axis = 0;
    const auto tensor = Tensor::fromBytes({DType::UInt4, {2, 3}, parameters},
                                          {std::byte{0x21}, std::byte{0x43}, std::byte{0x65}});
    ASSERT_TRUE(tensor);
    const auto out = permuted(*tensor, std::array<std::size_t, 2>{1, 0});
    ASSERT_TRUE(out);
    EXPECT_EQ(out->info().quantization->axis, 1U);
    EXPECT_THAT(*decodeAll(out->view()), ElementsAre(1, 40, 2, 50, 3, 60));
}

TEST(PermutedTest, ElementsThatCrossBytesMove)
{
    // 1 2 3 / 4 5 6 of three bits each.
    const auto tensor =
        Tensor::fromBytes({DType::UInt3, {2, 3}, nullptr},
                          {std::byte{0b11010001}, std::byte{0b01011000}, std::byte{0b11}});
    ASSERT_TRUE(tensor);
    EXPECT_THAT(*decodeAll(tensor->view()), ElementsAre(1, 2, 3, 4, 5, 6));
    const auto out = permuted(*tensor, std::array<std::size_t, 2>{1, 0});
    ASSERT_TRUE(out);
    EXPECT_THAT(*decodeAll(out->view()), ElementsAre(1, 4, 2, 5, 3, 6));
}

TEST(PermutedTest, BlockScalesMoveWithTheirBlocks)
{
    auto parameters = std::make_shared<Quantization>();
    parameters->axis = 0;
    parameters->blockSize = 2;
    parameters->scales = {1.0, 2.0, 3.0, 4.0};
    const auto tensor = Tensor::fromBytes({DType::Int8, {3, 2}, parameters},
                                          std::vector<std::byte>(6, std::byte{1}));
    ASSERT_TRUE(tensor);
    const auto out = permuted(*tensor, std::array<std::size_t, 2>{1, 0});
    ASSERT_TRUE(out);
    EXPECT_THAT(*decodeAll(out->view()), ElementsAre(1, 1, 3, 2, 2, 4));
}

TEST(PermutedTest, RefusesWhatIsNoPermutationAndTakesEmptyTensors)
{
    const Tensor tensor = Tensor::fromFloats({2, 2}, std::vector<float>(4));
    EXPECT_FALSE(permuted(tensor, std::array<std::size_t, 2>{0, 0}));
    EXPECT_FALSE(permuted(tensor, std::array<std::size_t, 2>{0, 2}));
    EXPECT_FALSE(permuted(tensor, std::array<std::size_t, 1>{0}));
    const auto empty = permuted(Tensor::fromFloats({2, 0}, {}), std::array<std::size_t, 2>{1, 0});
    ASSERT_TRUE(empty);
    EXPECT_EQ(empty->info().shape, (Shape{0, 2}));
}

} // namespace
} // namespace syncpoint
