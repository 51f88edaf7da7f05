#include "tests/core/formats/tflite/tflite_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

namespace syncpoint::test {

using ::testing::Contains;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

namespace {
std::shared_ptr<const Graph> sample(const std::string &name)
{
    auto graph = loadTflite(dataFile("tflite/" + name));
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return graph ? *graph : nullptr;
}

std::map<std::string, int> opCounts(const Graph &graph)
{
    std::map<std::string, int> counts;
    for (const Node &node : graph.nodes()) {
        ++counts[node.opType];
    }
    return counts;
}

std::vector<std::string> modulePaths(const Graph &graph)
{
    std::vector<std::string> paths;
    for (const Module &module : graph.modules()) {
        paths.push_back(module.path);
    }
    return paths;
}

const Value &valueNamed(const Graph &graph, const std::string &name)
{
    const auto id = graph.findValue(name);
    EXPECT_TRUE(id) << name;
    return graph.value(id.value_or(ValueId{0}));
}
} // namespace

TEST(RealTfliteTest, EverySampleLoadsWithItsOps)
{
    struct Expected
    {
        std::string name;
        std::map<std::string, int> ops;
        std::uint64_t parameters;
    };
    const std::vector<Expected> samples{
        {"branching_conv_fc.tflite",
         {{"SPLIT", 1},
          {"RESHAPE", 4},
          {"CONV_2D", 1},
          {"CONCATENATION", 2},
          {"FULLY_CONNECTED", 1}},
         281},
        {"duplicated_tensor_names.tflite",
         {{"MUL", 3}, {"MEAN", 1}, {"ADD", 1}, {"RSQRT", 1}},
         512},
        {"hello_world_float.tflite", {{"FULLY_CONNECTED", 3}}, 320},
        {"hello_world_int8.tflite", {{"FULLY_CONNECTED", 3}}, 320},
        {"conv_fc_mnist.tflite",
         {{"CONV_2D", 1},
          {"AVERAGE_POOL_2D", 1},
          {"RESHAPE", 1},
          {"FULLY_CONNECTED", 2},
          {"SOFTMAX", 1}},
         50'608},
        {"conv_fc_mnist_srq_a8w8.tflite",
         {{"CONV_2D", 1},
          {"AVERAGE_POOL_2D", 1},
          {"RESHAPE", 1},
          {"FULLY_CONNECTED", 2},
          {"SOFTMAX", 1}},
         50'608},
        {"person_detect_vela.tflite", {{"ethos-u", 1}}, 268'648},
    };
    for (const Expected &expected : samples) {
        const auto graph = sample(expected.name);
        ASSERT_TRUE(graph);
        EXPECT_EQ(opCounts(*graph), expected.ops) << expected.name;
        EXPECT_EQ(graph->parameterSize().parameters, expected.parameters) << expected.name;
        EXPECT_THAT(graph->diagnostics(), IsEmpty()) << expected.name;
    }
}

TEST(RealTfliteTest, TellsInputsOutputsAndFacts)
{
    const auto graph = sample("conv_fc_mnist.tflite");
    ASSERT_TRUE(graph);
    ASSERT_EQ(graph->mainScope().inputs.size(), 1U);
    const Value &input = graph->value(graph->mainScope().inputs[0]);
    EXPECT_EQ(input.name, "serving_default_conv2d_input:0");
    EXPECT_EQ(input.dtype, DType::Float32);
    EXPECT_EQ(input.shape, (Shape{-1, 28, 28, 1}));
    ASSERT_EQ(graph->mainScope().outputs.size(), 1U);
    const Value &output = graph->value(graph->mainScope().outputs[0]);
    EXPECT_EQ(output.name, "StatefulPartitionedCall:0");
    EXPECT_EQ(graph->info().format, "tflite");
    EXPECT_EQ(graph->info().producer, "MLIR Converted.");
    EXPECT_THAT(graph->info().facts,
                ElementsAre(Pair("schema version", "3"), Pair("minimum runtime", "1.5.0"),
                            Pair("signature serving_default", "conv2d_input → dense_1")));
}

TEST(RealTfliteTest, NamesGiveModulesAndOtherNames)
{
    const auto graph = sample("conv_fc_mnist.tflite");
    ASSERT_TRUE(graph);
    EXPECT_THAT(modulePaths(*graph),
                UnorderedElementsAre("", "sequential", "sequential.conv2d",
                                     "sequential.average_pooling2d", "sequential.flatten",
                                     "sequential.dense", "sequential.dense_1"));
    const Node &convolution = graph->nodes()[0];
    EXPECT_THAT(convolution.aliases,
                ElementsAre("sequential/conv2d/Relu", "sequential/conv2d/BiasAdd",
                            "sequential/conv2d/Conv2D",
                            "sequential/conv2d/BiasAdd/ReadVariableOp1"));
    EXPECT_THAT(graph->nodes().back().aliases, ElementsAre("dense_1"));
}

TEST(RealTfliteTest, OptionsBecomeAttributes)
{
    const auto graph = sample("conv_fc_mnist.tflite");
    ASSERT_TRUE(graph);
    const Node &convolution = graph->nodes()[0];
    const auto text = [&convolution](const char *name) {
        const Attribute *attribute = convolution.findAttribute(name);
        return attribute == nullptr ? "none" : toText(*attribute);
    };
    EXPECT_EQ(text("padding"), "\"SAME\"");
    EXPECT_EQ(text("stride_w"), "1");
    EXPECT_EQ(text("dilation_h_factor"), "1");
    EXPECT_EQ(text("fused_activation_function"), "\"RELU\"");
    const Attribute *beta = graph->nodes().back().findAttribute("beta");
    ASSERT_NE(beta, nullptr);
    EXPECT_EQ(std::get<double>(beta->data), 1.0);
}

TEST(RealTfliteTest, Int8KeepsNamesAndHasScalesPerChannel)
{
    const auto graph = sample("conv_fc_mnist_srq_a8w8.tflite");
    ASSERT_TRUE(graph);
    const Value &weight = valueNamed(*graph, "sequential/conv2d/Conv2D");
    EXPECT_EQ(weight.dtype, DType::Int8);
    ASSERT_TRUE(weight.quantization);
    EXPECT_EQ(weight.quantization->axis, 0U);
    EXPECT_EQ(weight.quantization->scales.size(), 8U);
    EXPECT_THAT(weight.quantization->scales[0], DoubleNear(0.00293, 1e-6));
    EXPECT_THAT(weight.quantization->zeroPoints, IsEmpty());
    const Value &activation = valueNamed(*graph, "sequential/dense_1/MatMul");
    ASSERT_TRUE(activation.quantization);
    EXPECT_FALSE(activation.quantization->axis);
    EXPECT_THAT(activation.quantization->scales, ElementsAre(DoubleNear(0.0615, 1e-6)));
    EXPECT_THAT(activation.quantization->zeroPoints, ElementsAre(40));
}

TEST(RealTfliteTest, RepeatedNamesStayApart)
{
    const auto graph = sample("duplicated_tensor_names.tflite");
    ASSERT_TRUE(graph);
    EXPECT_TRUE(valueNamed(*graph, "test_same_name").isInput);
    EXPECT_TRUE(valueNamed(*graph, "test_same_name_2").isConstant);
}

TEST(RealTfliteTest, ACompiledPieceIsPlacedOnItsUnit)
{
    const auto graph = sample("person_detect_vela.tflite");
    ASSERT_TRUE(graph);
    const Node &op = graph->nodes().front();
    EXPECT_EQ(op.placement, "Ethos-U NPU");
    EXPECT_EQ(op.domain, "custom");
    EXPECT_EQ(op.inputs.size(), 5U);
    EXPECT_THAT(op.metadata, Contains(Pair("custom options", "3 bytes")));
    EXPECT_THAT(graph->info().facts, Contains(Pair("compiled by Vela", "3.11.0")));
    const Value &scratch = valueNamed(*graph, "_split_1_scratch");
    EXPECT_TRUE(scratch.isConstant); // memory that the runtime sets up
    EXPECT_FALSE(scratch.constant);
}

} // namespace syncpoint::test
