#include "compare/session/value_tensors.h"
#include "core/tensor/decode.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

std::vector<float> numbers(const Result<Tensor> &tensor)
{
    return tensor ? decodeAll(tensor->view()).value() : std::vector<float>{};
}

/// Eight channels of two pixels, stored pixel by pixel: channel c holds 10 c and 10 c + 1.
Tensor oneBlock()
{
    std::vector<float> stored(16);
    for (std::size_t i = 0; i < stored.size(); ++i) {
        stored[i] = static_cast<float>(10 * (i % 8) + i / 8);
    }
    return Tensor::fromFloats({1, 8, 1, 2}, stored);
}

TEST(ApplyTransformTest, BlocksBecomePlainChannels)
{
    Transform transform;
    transform.channelBlock = 8;

    const auto plain = applyTransform(oneBlock(), transform);

    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->info().shape, (Shape{1, 8, 1, 2}));
    EXPECT_EQ(numbers(plain),
              (std::vector<float>{0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 60, 61, 70, 71}));
}

TEST(ApplyTransformTest, ChannelsThatAreNoWholeBlocksAreAnError)
{
    Transform transform;
    transform.channelBlock = 16;

    EXPECT_FALSE(applyTransform(oneBlock(), transform));
}

TEST(ApplyTransformTest, AxesMoveBeforeTheShapeChanges)
{
    Transform transform;
    transform.permutation = {1, 0};
    transform.reshape = Shape{6};

    const auto moved =
        applyTransform(Tensor::fromFloats({2, 3}, std::vector<float>{0, 1, 2, 3, 4, 5}), transform);

    EXPECT_EQ(numbers(moved), (std::vector<float>{0, 3, 1, 4, 2, 5}));
}

} // namespace
} // namespace syncpoint
