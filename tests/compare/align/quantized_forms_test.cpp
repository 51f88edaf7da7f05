#include "compare/align/packed_weight.h"
#include "core/tensor/decode.h"
#include "graphs.h"

namespace syncpoint {
namespace {

using testing::align;
using testing::GraphMaker;
using testing::partnerOf;
using testing::pointOf;

std::vector<std::byte> bytesOf(std::initializer_list<int> values)
{
    std::vector<std::byte> bytes;
    for (const int value : values) {
        bytes.push_back(static_cast<std::byte>(value));
    }
    return bytes;
}

/// y = x · W with W = K × 2 in blocks of two 4-bit numbers.
std::shared_ptr<const Graph> packedProduct(std::int64_t rows, std::vector<std::byte> packed,
                                           const std::vector<float> &scales)
{
    GraphMaker maker;
    maker.input("x", {1, rows}).constant("scales", scales);
    GraphBuilder &builder = maker.builder();
    const auto size = static_cast<std::int64_t>(packed.size());
    builder.setConstant(
        builder.localValue(builder.mainScope(), "packed"),
        Tensor::fromBytes({DType::UInt8, {size}, nullptr}, std::move(packed)).value());
    Node node;
    node.opType = "MatMulNBits";
    node.scope = builder.mainScope();
    node.attributes = {{"K", rows},
                       {"N", std::int64_t{2}},
                       {"bits", std::int64_t{4}},
                       {"block_size", std::int64_t{2}}};
    for (const char *name : {"x", "packed", "scales"}) {
        node.inputs.push_back(builder.value(node.scope, name));
    }
    node.outputs = {builder.value(node.scope, "y")};
    builder.addNode(std::move(node));
    return maker.output("y").build();
}

TEST(PackedWeightTest, BlocksAreDequantizedColumnByColumn)
{
    // Column 0: 9, 10 | 7, padding; column 1: 8, 8 | 15, padding; 8 stands for zero.
    const auto graph =
        packedProduct(3, bytesOf({0xA9, 0x07, 0x88, 0x0F}), {1.0F, 2.0F, 3.0F, 0.5F});

    const auto weight = unpackedWeight(*graph, graph->nodes().front());

    ASSERT_TRUE(weight);
    EXPECT_EQ(weight->info().shape, (Shape{3, 2}));
    EXPECT_EQ(decodeAll(weight->view()).value(), (std::vector<float>{1, 0, 2, 0, -2, 3.5F}));
    EXPECT_EQ(packedElements(graph->nodes().front()), 6U);
}

TEST(PackedWeightTest, DataThatDoNotFitTheAttributesAreRefused)
{
    const auto few = packedProduct(3, bytesOf({0xA9, 0x07, 0x88}), {1.0F, 2.0F, 3.0F, 0.5F});
    const auto scales = packedProduct(3, bytesOf({0xA9, 0x07, 0x88, 0x0F}), {1.0F, 2.0F});
    const auto huge = packedProduct(2000000000, bytesOf({0xA9}), {1.0F});
    const auto negative = packedProduct(-3, bytesOf({0xA9}), {1.0F});

    EXPECT_FALSE(unpackedWeight(*few, few->nodes().front()));
    EXPECT_FALSE(unpackedWeight(*scales, scales->nodes().front()));
    EXPECT_FALSE(unpackedWeight(*huge, huge->nodes().front()));
    EXPECT_FALSE(unpackedWeight(*negative, negative->nodes().front()));
}

TEST(DynamicQuantizationTest, ProductIsTakenAfterTheScalesAreMultipliedIn)
{
    const std::vector<float> weight{0.1F, -0.7F, 0.3F, 0.9F, -0.2F, 0.5F, 0.4F, -0.8F};
    const auto baseline = GraphMaker()
                              .input("x", {1, 8})
                              .constant("w", weight)
                              .op("MatMul", {"x", "w"}, "y", {1, 8})
                              .op("Tanh", {"y"}, "z", {1, 8})
                              .output("z")
                              .build();
    GraphMaker maker;
    maker.input("a", {1, 8}).constant("w8", weight).constant("ws", {0.01F});
    maker.builder().addNode("quantize", "DynamicQuantizeLinear", {"a"}, {"q", "s", "zero"});
    const auto candidate = maker.op("MatMulInteger", {"q", "w8", "zero"}, "i", {1, 8})
                               .op("Cast", {"i"}, "c", {1, 8})
                               .op("Mul", {"s", "ws"}, "scale", {1})
                               .op("Mul", {"c", "scale"}, "m", {1, 8})
                               .op("Tanh", {"m"}, "t", {1, 8})
                               .output("t")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "y"), "m");
    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "z"), "t");
    const auto scale = candidate->findValue("scale");
    EXPECT_EQ(alignment.candidate[scale->index()].status, ValueStatus::Excluded);
}

TEST(SwallowedActivationTest, SumThatCannotBeNegativeIsTheActivationsTensor)
{
    const auto baseline = GraphMaker()
                              .input("x", {1, 8})
                              .op("Tanh", {"x"}, "h", {1, 8})
                              .op("Add", {"h", "x"}, "sum", {1, 8})
                              .op("Relu", {"sum"}, "y", {1, 8})
                              .op("Softmax", {"y"}, "z", {1, 8})
                              .output("z")
                              .build();
    const auto candidate = GraphMaker()
                               .input("a", {1, 8})
                               .op("Tanh", {"a"}, "b", {1, 8})
                               .op("Add", {"b", "a"}, "c", {1, 8})
                               .op("QuantizeLinear", {"c"}, "q", {1, 8})
                               .quantized("q", DType::UInt8, 0.1, 0)
                               .op("DequantizeLinear", {"q"}, "d", {1, 8})
                               .op("Softmax", {"d"}, "e", {1, 8})
                               .output("e")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "y"), "d");
    EXPECT_FALSE(pointOf(alignment, *baseline, "sum"));
}

TEST(TwinTest, DeadCopyOfAnOpIsNotTakenForTheLiveOne)
{
    const auto network = [](const std::string &prefix, bool hasDeadBranch) {
        GraphMaker maker;
        maker.input(prefix + "x", {1, 8}).op("Tanh", {prefix + "x"}, prefix + "h", {1, 8});
        if (hasDeadBranch) {
            maker.op("Sigmoid", {prefix + "h"}, prefix + "dead", {1, 8});
        }
        return maker.op("Sigmoid", {prefix + "h"}, prefix + "s", {1, 8})
            .op("Mul", {prefix + "h", prefix + "s"}, prefix + "y", {1, 8})
            .output(prefix + "y")
            .build();
    };
    const auto baseline = network("", false);
    const auto candidate = network("t", true);

    EXPECT_EQ(partnerOf(align(*baseline, *candidate), *baseline, *candidate, "s"), "ts");
    EXPECT_EQ(partnerOf(align(*candidate, *baseline), *candidate, *baseline, "ts"), "s");
}

TEST(LayoutTest, SequencesWithChannelsLastAreComparedPermuted)
{
    const auto baseline = GraphMaker()
                              .input("x", {1, 8, 20})
                              .op("Tanh", {"x"}, "y", {1, 8, 20})
                              .op("Softmax", {"y"}, "z", {1, 8, 20})
                              .output("z")
                              .build();
    const auto candidate = GraphMaker()
                               .input("x", {1, 8, 20})
                               .op("Transpose", {"x"}, "t", {1, 20, 8})
                               .op("Tanh", {"t"}, "h", {1, 20, 8})
                               .op("Softmax", {"h"}, "s", {1, 20, 8})
                               .op("Transpose", {"s"}, "z", {1, 8, 20})
                               .output("z")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    ASSERT_TRUE(pointOf(alignment, *baseline, "y"));
    EXPECT_EQ(toText(pointOf(alignment, *baseline, "y")->transform), "permute(0,2,1)");
}

} // namespace
} // namespace syncpoint
