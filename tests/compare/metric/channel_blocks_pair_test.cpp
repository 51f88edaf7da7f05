#include "tests/compare/metric/pair_fixture.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using testing::Pair;

/// Three channels of two pixels in one block of eight lanes, zeros where channels are missing.
Tensor threeChannelsInOneBlock()
{
    std::vector<float> stored(16);
    for (std::size_t pixel = 0; pixel < 2; ++pixel) {
        for (std::size_t channel = 0; channel < 3; ++channel) {
            stored[pixel * 8 + channel] = static_cast<float>(10 * channel + pixel);
        }
    }
    return Tensor::fromFloats({1, 8, 1, 2}, stored);
}

TEST(ChannelBlocksPairTest, CandidateInBlocksIsComparedInTheBaselinesOrder)
{
    const Tensor plain = Tensor::fromFloats({1, 3, 1, 2}, std::vector<float>{0, 1, 10, 11, 20, 21});
    Pair pair(plain, threeChannelsInOneBlock());
    pair.pair.transform.channelBlock = 8;

    EXPECT_EQ(pair.evaluated().value("max_abs"), 0.0);
}

TEST(ChannelBlocksPairTest, MoreChannelsThanTheBlocksHoldDoNotFit)
{
    const Tensor plain = Tensor::fromFloats({1, 12, 1, 2}, std::vector<float>(24));
    Pair pair(plain, threeChannelsInOneBlock());
    pair.pair.transform.channelBlock = 8;

    EXPECT_EQ(pair.measure().state, PairState::ShapeMismatch);
}

} // namespace
} // namespace syncpoint
