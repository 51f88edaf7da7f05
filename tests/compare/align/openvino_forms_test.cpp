#include "compare/align/permutation.h"
#include "core/formats/openvino/ir_quantization.h"
#include "graphs.h"

#include <array>
#include <cmath>

namespace syncpoint {
namespace {

using testing::align;
using testing::GraphMaker;
using testing::partnerOf;

constexpr std::int64_t kSize = 8;

/// 8×8 numbers without a pattern, another for every seed.
std::vector<float> weightOf(int seed)
{
    std::vector<float> numbers;
    for (int i = 0; i < kSize * kSize; ++i) {
        numbers.push_back(static_cast<float>(std::sin(i * i * 0.37 + seed * 1.7 + i)));
    }
    return numbers;
}

ValueId matrix(GraphMaker &maker, const std::string &name, const TensorInfo &info,
               std::vector<std::byte> bytes)
{
    GraphBuilder &builder = maker.builder();
    const ValueId id = builder.localValue(builder.mainScope(), name);
    builder.setConstant(id, Tensor::fromBytes(info, std::move(bytes)).value());
    return id;
}

void floatMatrix(GraphMaker &maker, const std::string &name, const std::vector<float> &numbers)
{
    const auto bytes = std::as_bytes(std::span(numbers));
    matrix(maker, name, {DType::Float32, {kSize, kSize}, nullptr}, {bytes.begin(), bytes.end()});
}

/// The transposed weight in eight bits, each column with a scale of its own, and the ops that undo
/// that.
void compressed(GraphMaker &maker, const std::string &name, const std::vector<float> &weight)
{
    std::vector<std::byte> codes;
    std::vector<float> scales;
    for (std::size_t column = 0; column < kSize; ++column) {
        scales.push_back(0.01F * static_cast<float>(column + 1));
        for (std::size_t row = 0; row < kSize; ++row) {
            const float code = std::round(weight[row * kSize + column] / scales.back());
            codes.push_back(
                static_cast<std::byte>(static_cast<int>(std::clamp(code, -128.0F, 127.0F))));
        }
    }
    matrix(maker, name + "_codes", {DType::Int8, {kSize, kSize}, nullptr}, std::move(codes));
    const auto bytes = std::as_bytes(std::span(scales));
    matrix(maker, name + "_scale", {DType::Float32, {kSize, 1}, nullptr},
           {bytes.begin(), bytes.end()});
    const Shape shape{kSize, kSize};
    maker.op("Convert", {name + "_codes"}, name + "_real", shape)
        .op("Multiply", {name + "_real", name + "_scale"}, name, shape);
}

TEST(OpenVinoFormsTest, CompressedWeightsAreRecognisedByTheirNumbers)
{
    GraphMaker own;
    own.input("x", {1, kSize}).input("z", {1, kSize});
    floatMatrix(own, "w1", weightOf(1));
    floatMatrix(own, "w2", weightOf(2));
    own.op("MatMul", {"x", "w1"}, "first", {1, kSize})
        .op("MatMul", {"z", "w2"}, "second", {1, kSize})
        .op("Add", {"first", "second"}, "sum", {1, kSize})
        .output("sum");
    GraphMaker other;
    other.input("p", {1, kSize}).input("q", {1, kSize});
    compressed(other, "a", weightOf(2));
    compressed(other, "b", weightOf(1));
    other.op("MatMul", {"p", "a"}, "m", {1, kSize})
        .op("MatMul", {"q", "b"}, "n", {1, kSize})
        .op("Add", {"m", "n"}, "s", {1, kSize})
        .output("s");
    for (std::size_t i = 0; i < other.builder().nodes().size(); ++i) {
        if (other.builder().nodes()[i].opType == "MatMul") {
            other.builder().edit(NodeId{i}).attributes.push_back(
                {"transpose_b", std::string("true")});
        }
    }
    applyIrQuantization(other.builder());
    const auto baseline = own.build();
    const auto candidate = other.build();

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "first"), "n");
    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "second"), "m");
    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "sum"), "s");
}

TEST(OpenVinoFormsTest, TransposeHasItsOrderAsAnOperand)
{
    GraphMaker maker;
    maker.input("x", {1, 2, 3});
    const std::array<std::int64_t, 3> order{0, 2, 1};
    const auto bytes = std::as_bytes(std::span(order));
    matrix(maker, "order", {DType::Int64, {3}, nullptr}, {bytes.begin(), bytes.end()});
    const auto graph = maker.op("Transpose", {"x", "order"}, "y", {1, 3, 2}).output("y").build();

    EXPECT_EQ(permutationOf(*graph, graph->nodes().front()), (std::vector<std::size_t>{0, 2, 1}));
}

TEST(OpenVinoFormsTest, FakeQuantizeHoldsTheNumbersOfWhatItRounds)
{
    const auto baseline = GraphMaker()
                              .input("x", {4})
                              .op("Relu", {"x"}, "y", {4})
                              .op("Tanh", {"y"}, "z", {4})
                              .output("z")
                              .build();
    const auto candidate = GraphMaker()
                               .input("x", {4})
                               .constant("low", {0})
                               .constant("high", {1})
                               .op("ReLU", {"x"}, "r", {4})
                               .op("FakeQuantize", {"r", "low", "high", "low", "high"}, "q", {4})
                               .op("Tanh", {"q"}, "t", {4})
                               .output("t")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_TRUE(partnerOf(alignment, *baseline, *candidate, "y") == "r" ||
                partnerOf(alignment, *baseline, *candidate, "y") == "q");
    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "z"), "t");
}

} // namespace
} // namespace syncpoint
