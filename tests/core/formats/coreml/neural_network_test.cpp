#include "tests/core/formats/coreml/coreml_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <protozero/pbf_writer.hpp>

namespace syncpoint::test {

using ::testing::ElementsAre;

namespace {
using protozero::pbf_writer;

std::string layer(const std::string &name, const std::vector<std::string> &inputs,
                  const std::vector<std::string> &outputs, std::uint32_t kind,
                  const std::string &parameters)
{
    std::string message;
    pbf_writer writer(message);
    writer.add_string(1, name);
    for (const std::string &input : inputs) {
        writer.add_string(2, input);
    }
    for (const std::string &output : outputs) {
        writer.add_string(3, output);
    }
    writer.add_message(kind, parameters);
    return message;
}

std::string floatWeights(const std::vector<float> &values)
{
    std::string message;
    pbf_writer(message).add_packed_float(1, values.begin(), values.end());
    return message;
}

/// `bits` wide codes with a scale and a bias, or a table.
std::string codeWeights(const std::string &codes, unsigned bits, const std::vector<float> &scale,
                        const std::vector<float> &bias, const std::vector<float> &table = {})
{
    std::string kind, quantization, message;
    pbf_writer parameters(kind);
    if (table.empty()) {
        parameters.add_packed_float(1, scale.begin(), scale.end());
        parameters.add_packed_float(2, bias.begin(), bias.end());
    } else {
        parameters.add_packed_float(1, table.begin(), table.end());
    }
    pbf_writer fields(quantization);
    fields.add_uint64(1, bits);
    fields.add_message(table.empty() ? 101 : 102, kind);
    pbf_writer writer(message);
    writer.add_bytes(30, codes);
    writer.add_message(40, quantization);
    return message;
}

std::string innerProduct(std::uint64_t in, std::uint64_t out, const std::string &weights)
{
    std::string message;
    pbf_writer writer(message);
    writer.add_uint64(1, in);
    writer.add_uint64(2, out);
    writer.add_message(20, weights);
    return message;
}

std::string convolution()
{
    std::string message;
    pbf_writer writer(message);
    const std::vector<std::uint64_t> kernel{1, 2};
    writer.add_uint64(1, 2);
    writer.add_uint64(2, 1);
    writer.add_packed_uint64(20, kernel.begin(), kernel.end());
    writer.add_message(90, floatWeights({1, 2, 3, 4}));
    writer.add_message(91, floatWeights({0.5F, -0.5F}));
    return message;
}

Result<std::shared_ptr<const Graph>> loadLayers(const std::vector<std::string> &layers)
{
    std::string input, output, description, network, model;
    pbf_writer(input).add_string(1, "x");
    pbf_writer(output).add_string(1, "y");
    pbf_writer(description).add_message(1, input);
    pbf_writer(description).add_message(10, output);
    for (const std::string &one : layers) {
        pbf_writer(network).add_message(1, one);
    }
    pbf_writer writer(model);
    writer.add_int64(1, 4);
    writer.add_message(2, description);
    writer.add_message(500, network);
    const TemporaryFolder folder;
    writeFile(folder / "m.mlmodel", model);
    return load(folder / "m.mlmodel");
}
} // namespace

TEST(NeuralNetworkTest, LayersWeightsAndFunctionsAreRead)
{
    std::string relu;
    pbf_writer(relu).add_message(10, std::string());
    const auto graph = loadLayers({layer("conv1", {"x"}, {"c"}, 100, convolution()),
                                   layer("act", {"c"}, {"r"}, 130, relu),
                                   layer("sum", {"r", "c"}, {"y"}, 230, "")});
    ASSERT_TRUE(graph) << graph.error().message;
    ASSERT_EQ((*graph)->nodes().size(), 3U);
    const Node &conv = (*graph)->nodes()[0];
    EXPECT_EQ(conv.opType, "convolution");
    EXPECT_EQ((*graph)->nodes()[1].opType, "ReLU");
    EXPECT_EQ((*graph)->nodes()[2].opType, "add");
    EXPECT_THAT((*graph)->value(conv.inputs[1]).constant->info().shape, ElementsAre(2, 1, 1, 2));
    EXPECT_THAT(numbersOf(**graph, "conv1:weights"), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(numbersOf(**graph, "conv1:bias"), ElementsAre(0.5F, -0.5F));
    EXPECT_EQ((*graph)->mainScope().outputs.size(), 1U);
}

TEST(NeuralNetworkTest, LinearWeightsWithAnIntegerZeroPointStayIntegers)
{
    const auto graph = loadLayers(
        {layer("fc", {"x"}, {"y"}, 140,
               innerProduct(2, 2, codeWeights("\x01\x02\x03\x04", 8, {0.5F, 2}, {-1, 2})))});
    ASSERT_TRUE(graph) << graph.error().message;
    const Value &weight = (*graph)->value(*(*graph)->findValue("fc:weights"));
    ASSERT_TRUE(weight.quantization);
    EXPECT_THAT(weight.quantization->zeroPoints, ElementsAre(2, -1));
    EXPECT_THAT(numbersOf(**graph, "fc:weights"), ElementsAre(-0.5F, 0, 8, 10));
}

TEST(NeuralNetworkTest, OtherQuantizedWeightsAreDecodedOnDemand)
{
    const auto linear = loadLayers({layer(
        "fc", {"x"}, {"y"}, 140,
        innerProduct(2, 2, codeWeights(packedCodes({1, 2, 3, 0}, 2), 2, {0.5F}, {0.125F})))});
    ASSERT_TRUE(linear) << linear.error().message;
    EXPECT_THAT(numbersOf(**linear, "fc:weights"), ElementsAre(0.625F, 1.125F, 1.625F, 0.125F));
    const auto table = loadLayers(
        {layer("fc", {"x"}, {"y"}, 140,
               innerProduct(
                   2, 2, codeWeights(packedCodes({1, 0, 3, 2}, 2), 2, {}, {}, {-1, 0.5F, 4, 8})))});
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_THAT(numbersOf(**table, "fc:weights"), ElementsAre(0.5F, -1, 8, 4));
}

TEST(NeuralNetworkTest, AValueWrittenAgainIsANewValue)
{
    std::string branch, body;
    pbf_writer(body).add_message(1, layer("again", {"a"}, {"b"}, 600, ""));
    pbf_writer(branch).add_message(1, body);
    const auto graph =
        loadLayers({layer("one", {"x"}, {"a"}, 600, ""), layer("two", {"x"}, {"a"}, 600, ""),
                    layer("if", {"a"}, {}, 605, branch), layer("three", {"a"}, {"y"}, 600, "")});
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_EQ((*graph)->scopes().size(), 2U);
    const Node &last = (*graph)->node((*graph)->value(*(*graph)->findValue("y")).producer);
    EXPECT_EQ((*graph)->value(last.inputs.front()).name, "a#2");
}

} // namespace syncpoint::test
