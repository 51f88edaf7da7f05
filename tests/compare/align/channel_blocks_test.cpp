#include "compare/align/channel_blocks.h"
#include "core/tensor/decode.h"
#include "graphs.h"

#include <numeric>
#include <random>

namespace syncpoint {
namespace {

using testing::align;
using testing::GraphMaker;
using testing::pointOf;

/// O/b × I/b × H × W × b × b, as ONNX Runtime stores filters, zeros where channels are missing.
Tensor inBlocks(const Shape &shape, const std::vector<float> &filter, std::size_t block)
{
    const auto rounded = [&](std::int64_t count) {
        const auto b = static_cast<std::int64_t>(block);
        return (count + b - 1) / b * b;
    };
    const Shape padded{rounded(shape[0]), rounded(shape[1]), shape[2], shape[3]};
    std::vector<float> stored;
    const auto b = static_cast<std::int64_t>(block);
    for (std::int64_t o = 0; o < padded[0]; o += b) {
        for (std::int64_t i = 0; i < padded[1]; i += b) {
            for (std::int64_t tap = 0; tap < shape[2] * shape[3]; ++tap) {
                for (std::int64_t lane = 0; lane < b * b; ++lane) {
                    const std::int64_t out = o + lane % b;
                    const std::int64_t in = i + lane / b;
                    const bool exists = out < shape[0] && in < shape[1];
                    const auto at = (out * shape[1] + in) * shape[2] * shape[3] + tap;
                    stored.push_back(exists ? filter[static_cast<std::size_t>(at)] : 0.0F);
                }
            }
        }
    }
    return Tensor::fromFloats(padded, stored);
}

std::vector<float> randomFilter(std::size_t count)
{
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    std::vector<float> values(count);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    return values;
}

TEST(ChannelBlocksTest, PaddedFilterComesBackWithoutPadding)
{
    const Shape shape{12, 10, 3, 3};
    const auto filter = randomFilter(12 * 10 * 9);

    const auto plain = filterWithoutBlocks(inBlocks(shape, filter, 8), 8);

    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->info().shape, shape);
    EXPECT_EQ(decodeAll(plain->view()).value(), filter);
}

TEST(ChannelBlocksTest, FilterOfOtherExtentsIsRefused)
{
    EXPECT_FALSE(filterWithoutBlocks(Tensor::fromFloats({12, 8, 1, 1}, randomFilter(96)), 8));
    EXPECT_FALSE(filterWithoutBlocks(Tensor::fromFloats({8, 12, 1, 1}, randomFilter(96)), 8));
    EXPECT_FALSE(filterWithoutBlocks(Tensor::fromFloats({8, 8}, randomFilter(64)), 8));
    EXPECT_FALSE(filterWithoutBlocks(Tensor::fromFloats({8, 0, 1, 1}, {}), 8));
}

TEST(ChannelBlocksTest, TensorComesBackAsChannelsThenArea)
{
    std::vector<float> stored(2 * 2 * 8); // two blocks of 8 channels, two positions each
    std::iota(stored.begin(), stored.end(), 0.0F);
    const Tensor tensor = Tensor::fromFloats({1, 16, 1, 2}, stored);

    const auto plain = withoutChannelBlocks(tensor, 8, 9);

    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->info().shape, (Shape{1, 9, 1, 2}));
    EXPECT_EQ(decodeAll(plain->view()).value(),
              (std::vector<float>{0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15, 16, 24}));
    EXPECT_FALSE(withoutChannelBlocks(tensor, 8, 17));
    EXPECT_FALSE(withoutChannelBlocks(tensor, 5, 4));
}

TEST(ChannelBlocksTest, BlockedConvolutionsMeetByTheirFiltersAndAreUnblockedToCompare)
{
    const Shape shape{12, 10, 3, 3};
    const auto filter = randomFilter(12 * 10 * 9);
    const auto network = [&](bool isBlocked) {
        GraphMaker maker;
        maker.input("x", {1, 10, 4, 4});
        GraphBuilder &builder = maker.builder();
        builder.setConstant(builder.localValue(builder.mainScope(), "w"),
                            isBlocked ? inBlocks(shape, filter, 8)
                                      : Tensor::fromFloats(shape, filter));
        Node conv;
        conv.opType = "Conv";
        conv.domain = isBlocked ? "com.microsoft.nchwc" : "";
        conv.scope = builder.mainScope();
        conv.inputs = {builder.value(conv.scope, "x"), builder.value(conv.scope, "w")};
        conv.outputs = {builder.value(conv.scope, isBlocked ? "t1" : "a")};
        builder.addNode(std::move(conv));
        maker.edit(isBlocked ? "t1" : "a").shape =
            isBlocked ? Shape{1, 16, 4, 4} : Shape{1, 12, 4, 4};
        maker.op("Sigmoid", {isBlocked ? "t1" : "a"}, isBlocked ? "t2" : "b", {1, 12, 4, 4});
        maker.op("GlobalAveragePool", {isBlocked ? "t2" : "b"}, isBlocked ? "t3" : "c");
        return maker.output(isBlocked ? "t3" : "c").build();
    };
    const auto baseline = network(false);
    const auto candidate = network(true);

    const Alignment alignment = align(*baseline, *candidate);

    const SyncPoint *conv = pointOf(alignment, *baseline, "a");
    ASSERT_TRUE(conv);
    EXPECT_EQ(conv->match.rule, "weights");
    EXPECT_EQ(conv->transform.channelBlock, 8U);
    const SyncPoint *activation = pointOf(alignment, *baseline, "b");
    ASSERT_TRUE(activation); // computed on blocks as well
    EXPECT_EQ(toText(activation->transform), "unblock(8)");
}

} // namespace
} // namespace syncpoint
