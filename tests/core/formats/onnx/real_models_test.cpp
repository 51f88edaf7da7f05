#include "core/graph/topology.h"
#include "tests/core/formats/onnx/onnx_writer.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::Contains;

namespace {
std::shared_ptr<const Graph> loaded(const std::filesystem::path &path)
{
    auto graph = load(path);
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return graph ? *graph : nullptr;
}

std::vector<std::string> modulePaths(const Graph &graph)
{
    std::vector<std::string> paths;
    for (const Module &module : graph.modules()) {
        paths.push_back(module.path);
    }
    return paths;
}

const Node *nodeNamed(const Graph &graph, std::string_view name)
{
    const auto found = std::find_if(graph.nodes().begin(), graph.nodes().end(),
                                    [&](const Node &node) { return node.name == name; });
    return found == graph.nodes().end() ? nullptr : &*found;
}
} // namespace

TEST(RealOnnxTest, ExampleHasModulesAndSourceLines)
{
    const auto graph = loaded(dataFile("../../examples/promptseg/baseline.onnx"));
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->nodes().size(), 363U);
    EXPECT_EQ(graph->parameterSize().parameters, 1'448'608U);
    EXPECT_THAT(modulePaths(*graph), Contains("image_encoder.blocks.0.norm1"));
    const Node *norm = nodeNamed(*graph, "/image_encoder/blocks.0/norm1/LayerNormalization");
    ASSERT_NE(norm, nullptr);
    EXPECT_EQ(graph->module(norm->module).path, "image_encoder.blocks.0.norm1");
    const auto frame = std::find_if(norm->source.begin(), norm->source.end(), isUserFrame);
    ASSERT_NE(frame, norm->source.end());
    EXPECT_EQ(*frame, (SourceFrame{"promptseg.py", 51, 0, "forward"}));
    EXPECT_TRUE(graph->diagnostics().empty());
    EXPECT_EQ(graph->info().facts.front().second, "8");
}

TEST(RealOnnxTest, QuantizedExamplesKeepModulesAndParameters)
{
    const auto baseline = loaded(dataFile("../../examples/promptseg/baseline.onnx"));
    for (const char *name : {"int8.onnx", "int4.onnx", "int4-keep-detector.onnx"}) {
        const auto graph = loaded(dataFile(std::string("../../examples/promptseg/") + name));
        ASSERT_TRUE(graph);
        EXPECT_EQ(graph->parameterSize().parameters, 1'448'608U);
        EXPECT_THAT(modulePaths(*graph),
                    ::testing::UnorderedElementsAreArray(modulePaths(*baseline)));
        EXPECT_TRUE(graph->diagnostics().empty());
    }
}

TEST(RealOnnxTest, TorchScriptSileroHasNestedBranches)
{
    const auto graph = loaded(dataFile("onnx/silero_vad_16k_op15.onnx"));
    ASSERT_TRUE(graph);
    const auto isIf = [](const Node &node) { return node.opType == "If"; };
    EXPECT_EQ(std::count_if(graph->nodes().begin(), graph->nodes().end(), isIf), 12);
    EXPECT_EQ(graph->scopes().size(), 25U); // two branches each, and the main graph
    EXPECT_THAT(modulePaths(*graph), Contains("model.encoder.0.reparam_conv"));
    for (const Node &node : graph->nodes()) {
        for (const ValueId input : node.inputs) {
            EXPECT_TRUE(!input.isValid() || graph->value(input).producer.isValid() ||
                        graph->value(input).isInput || graph->value(input).isConstant)
                << graph->value(input).name;
        }
    }
    EXPECT_TRUE(graph->diagnostics().empty());
}

TEST(RealOnnxTest, CapturedValuesCountAsInputsOfTheIf)
{
    const auto graph = loaded(dataFile("onnx/silero_vad_16k_op15.onnx"));
    ASSERT_TRUE(graph);
    const Node *conditional = nodeNamed(*graph, "/model/decoder/If_1");
    ASSERT_NE(conditional, nullptr);
    const auto id = NodeId{static_cast<std::size_t>(conditional - graph->nodes().data())};
    EXPECT_GT(computedInputs(*graph, id).size(), 1U);
}

TEST(RealOnnxTest, DynamoSileroHasTracesModulesAndAliases)
{
    const auto graph = loaded(dataFile("onnx/silero_vad_op18_ifless.onnx"));
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->nodes().size(), 90U);
    const Node *conv = nodeNamed(*graph, "node_conv1d_1");
    ASSERT_NE(conv, nullptr);
    EXPECT_EQ(graph->module(conv->module).path, "model.encoder.0.reparam_conv");
    EXPECT_THAT(conv->aliases, Contains("conv1d_1"));
    ASSERT_FALSE(conv->source.empty());
    const auto frame = std::find_if(conv->source.begin(), conv->source.end(), isUserFrame);
    ASSERT_NE(frame, conv->source.end());
    EXPECT_EQ(frame->line, 17U);
    EXPECT_EQ(frame->function, "forward");
    EXPECT_EQ(conv->source.back(), *frame); // the outermost frame comes last
    EXPECT_EQ(graph->module(ModuleId{0}).className, "__main__.ONNXMerge");
}

TEST(RealOnnxTest, LoopsAndScansHaveBodies)
{
    for (const char *name : {"onnx/loop.onnx", "onnx/scan.onnx"}) {
        const auto graph = loaded(dataFile(name));
        ASSERT_TRUE(graph);
        ASSERT_EQ(graph->scopes().size(), 2U);
        EXPECT_FALSE(graph->scope(ScopeId{1}).inputs.empty());
        EXPECT_FALSE(graph->scope(ScopeId{1}).outputs.empty());
        EXPECT_TRUE(graph->diagnostics().empty());
    }
}

} // namespace syncpoint::test
