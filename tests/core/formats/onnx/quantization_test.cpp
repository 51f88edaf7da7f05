#include "core/tensor/decode.h"
#include "tests/core/formats/onnx/onnx_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;

namespace {
std::shared_ptr<const Graph> loaded(const std::string &graph)
{
    auto result = loadBytes(model(graph));
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? *result : nullptr;
}

std::filesystem::path example(const std::string &name)
{
    return dataFile("../../examples/promptseg/" + name);
}

const std::string kScalarParameters =
    initializer(floats("s", {}, {0.5F})) + initializer(tensor("z", kUInt8, {}, "\x80"));
} // namespace

TEST(OnnxQuantizationTest, TheIntegersBetweenQuantizeAndDequantizeHaveParameters)
{
    const auto graph = loaded(kScalarParameters + graphInput(valueInfo("x", kFloat, {2})) +
                              graphNode(node("QuantizeLinear", {"x", "s", "z"}, {"q"})) +
                              graphNode(node("DequantizeLinear", {"q", "s", "z"}, {"y"})));
    const Value &q = valueNamed(*graph, "q");
    ASSERT_TRUE(q.quantization);
    EXPECT_THAT(q.quantization->scales, ElementsAre(0.5));
    EXPECT_THAT(q.quantization->zeroPoints, ElementsAre(128));
    EXPECT_FALSE(q.quantization->axis);
    EXPECT_EQ(q.dtype, DType::UInt8);
    EXPECT_FALSE(valueNamed(*graph, "x").quantization);
    EXPECT_FALSE(valueNamed(*graph, "y").quantization);
}

TEST(OnnxQuantizationTest, WeightsDecodeToRealNumbersPerAxis)
{
    const auto graph =
        loaded(initializer(tensor("w", kInt8, {2, 2}, "\1\2\3\4")) +
               initializer(floats("s", {2}, {1.0F, 10.0F})) +
               graphNode(node("DequantizeLinear", {"w", "s"}, {"y"}, intAttribute("axis", -2))));
    const Value &w = valueNamed(*graph, "w");
    ASSERT_TRUE(w.quantization);
    EXPECT_EQ(w.quantization->axis, 0U);
    EXPECT_THAT(*decodeAll(w.constant->view()), ElementsAre(1.0F, 2.0F, 30.0F, 40.0F));
}

TEST(OnnxQuantizationTest, BlocksAlongAnAxis)
{
    const auto graph =
        loaded(initializer(tensor("w", 22 /* int4 */, {1, 4}, std::string("\x11\x11"))) +
               initializer(floats("s", {1, 2}, {1.0F, 3.0F})) +
               graphNode(node("DequantizeLinear", {"w", "s"}, {"y"},
                              intAttribute("axis", 1) + intAttribute("block_size", 2))));
    const Value &w = valueNamed(*graph, "w");
    ASSERT_TRUE(w.quantization);
    EXPECT_EQ(w.quantization->blockSize, 2U);
    EXPECT_THAT(*decodeAll(w.constant->view()), ElementsAre(1.0F, 1.0F, 3.0F, 3.0F));
}

TEST(OnnxQuantizationTest, OpsThatMoveDataHandParametersOn)
{
    const auto graph = loaded(kScalarParameters + initializer(int64s("to", {4})) +
                              graphInput(valueInfo("x", kFloat, {2, 2})) +
                              graphNode(node("QuantizeLinear", {"x", "s", "z"}, {"q"})) +
                              graphNode(node("Transpose", {"q"}, {"t"})) +
                              graphNode(node("Reshape", {"t", "to"}, {"r"})) +
                              graphNode(node("Add", {"r", "r"}, {"a"})));
    ASSERT_TRUE(valueNamed(*graph, "r").quantization);
    EXPECT_EQ(valueNamed(*graph, "r").quantization, valueNamed(*graph, "q").quantization);
    EXPECT_FALSE(valueNamed(*graph, "a").quantization);
    EXPECT_FALSE(valueNamed(*graph, "to").quantization);
}

TEST(OnnxQuantizationTest, BiasesOfQuantizedConvolutionsCombineBothScales)
{
    const auto graph = loaded(
        initializer(floats("xs", {}, {0.5F})) + initializer(tensor("xz", kUInt8, {}, "\x01")) +
        initializer(tensor("w", kInt8, {2, 1, 1, 1}, "\1\1")) +
        initializer(floats("ws", {2}, {2.0F, 4.0F})) +
        initializer(tensor("wz", kInt8, {2}, std::string(2, '\0'))) +
        initializer(tensor("b", kInt32, {2}, rawBytes(std::vector<std::int32_t>{3, 5}))) +
        graphNode(node("QLinearConv", {"x", "xs", "xz", "w", "ws", "wz", "xs", "xz", "b"}, {"y"})));
    EXPECT_THAT(*decodeAll(valueNamed(*graph, "b").constant->view()), ElementsAre(3.0F, 10.0F));
    EXPECT_EQ(valueNamed(*graph, "w").quantization->axis, 0U);
    EXPECT_THAT(valueNamed(*graph, "y").quantization->scales, ElementsAre(0.5));
    EXPECT_THAT(valueNamed(*graph, "x").quantization->zeroPoints, ElementsAre(1));
}

TEST(OnnxQuantizationTest, ContradictionsAreDiagnosticsNotCrashes)
{
    for (const std::string &parameters :
         {initializer(floats("s", {3}, {1.0F, 1.0F, 1.0F})), initializer(floats("s", {0}, {})),
          initializer(floats("s", {2}, {1.0F, 1.0F})) +
              initializer(tensor("z", kInt8, {5}, "\1\1\1\1\1"))}) {
        for (const std::int64_t axis : {std::int64_t{0}, std::int64_t{7}, INT64_MIN}) {
            for (const std::int64_t block : {std::int64_t{0}, std::int64_t{1}, INT64_MAX}) {
                const auto graph =
                    loaded(initializer(tensor("w", kInt8, {2, 2}, "\1\2\3\4")) + parameters +
                           graphNode(node("DequantizeLinear", {"w", "s", "z"}, {"y"},
                                          intAttribute("axis", axis) +
                                              intAttribute("block_size", block))));
                EXPECT_FALSE(valueNamed(*graph, "w").quantization);
            }
        }
    }
}

TEST(OnnxQuantizationTest, Int4ExampleIsFullyDescribed)
{
    const auto graph = load(example("int4.onnx"));
    ASSERT_TRUE(graph);
    std::size_t int4Weights = 0;
    for (const Node &op : (*graph)->nodes()) {
        if (op.opType == "DequantizeLinear") {
            const Value &integers = (*graph)->value(op.inputs[0]);
            EXPECT_TRUE(integers.quantization) << integers.name;
            int4Weights += integers.constant && integers.dtype == DType::Int4 ? 1U : 0U;
        }
    }
    EXPECT_GT(int4Weights, 20U);
    EXPECT_EQ((*graph)->parameterSize().parameters, 1'448'608U);
    EXPECT_TRUE((*graph)->diagnostics().empty());
}

} // namespace syncpoint::test
