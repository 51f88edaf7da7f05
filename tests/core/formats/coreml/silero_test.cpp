#include "tests/core/formats/coreml/coreml_files.h"
#include "tests/core/graph/graph_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

namespace syncpoint::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

namespace {
std::shared_ptr<const Graph> loadedData(const std::string &name)
{
    const auto graph = load(dataFile("coreml/" + name));
    if (!graph) {
        ADD_FAILURE() << graph.error().message;
        return nullptr;
    }
    return *graph;
}
} // namespace

TEST(SileroCoreMlTest, ProgramHasTheOpsThatTheCompilerCounted)
{
    const auto graph = loadedData("silero_vad.mlmodel");
    ASSERT_TRUE(graph);
    std::map<std::string, int> counts;
    for (const Node &node : graph->nodes()) {
        ++counts[node.opType];
    }
    // mlProgramOperationTypeHistogram of metadata.json.
    const std::map<std::string, int> wanted{
        {"lstm", 1},        {"slice_by_index", 2}, {"clip", 4},  {"transpose", 2}, {"pow", 2},
        {"relu", 5},        {"squeeze", 4},        {"cast", 12}, {"sigmoid", 1},   {"add", 2},
        {"expand_dims", 5}, {"sqrt", 1},           {"conv", 6},  {"pad", 1}};
    EXPECT_EQ(counts, wanted);
    EXPECT_THAT(names(*graph, graph->mainScope().inputs),
                UnorderedElementsAre("audio_input", "cell_state", "hidden_state"));
    EXPECT_THAT(names(*graph, graph->mainScope().outputs),
                ElementsAre("vad_output", "new_hidden_state", "new_cell_state"));
    EXPECT_EQ(graph->info().producer, "coremltools 9.0b1");
}

TEST(SileroCoreMlTest, OpsKnowShapesWeightsAndModules)
{
    const auto graph = loadedData("silero_vad.mlmodel");
    ASSERT_TRUE(graph);
    const Value &features = graph->value(*graph->findValue("input_3_cast_fp16"));
    EXPECT_EQ(features.dtype, DType::Float16);
    EXPECT_THAT(*features.shape, ElementsAre(1, 128, 4));
    const Node &conv = graph->node(features.producer);
    EXPECT_EQ(graph->module(conv.module).path, "encoder_layers_0");
    EXPECT_THAT(names(*graph, conv.inputs),
                ElementsAre("input_1_cast_fp16", "encoder_layers_0_weight_to_fp16",
                            "encoder_layers_0_bias_to_fp16"));
    const Value &weight = graph->value(conv.inputs[1]);
    EXPECT_TRUE(weight.isConstant);
    EXPECT_THAT(*weight.shape, ElementsAre(128, 129, 3));
    EXPECT_THAT(std::get<std::vector<std::int64_t>>(conv.findAttribute("pad")->data),
                ElementsAre(1, 1));
    const Node &relu = graph->node(graph->value(*graph->findValue("x_5_cast_fp16")).producer);
    EXPECT_EQ(graph->module(relu.module).path, "encoder_layers_0");
    // Its weights have names without a module: they are not the neighbour's.
    const Node &lstm =
        graph->node(graph->value(*graph->findValue("lstm_out_batch_first_0")).producer);
    EXPECT_EQ(graph->module(lstm.module).path, "");
    EXPECT_THAT(numbersOf(*graph, "decoder_final_conv_bias_to_fp16"), ElementsAre(0x1.dfp-5F));
}

TEST(SileroCoreMlTest, AMissingWeightFileIsOneNote)
{
    const auto graph = loadedData("silero_vad.mlmodel");
    ASSERT_TRUE(graph);
    ASSERT_EQ(graph->diagnostics().size(), 1U);
    EXPECT_EQ(graph->diagnostics().front().where, "weights/weight.bin");
    EXPECT_THAT(graph->diagnostics().front().text, HasSubstr("missing"));
}

TEST(SileroCoreMlTest, CompiledTextGivesTheGraphOfTheModel)
{
    const auto stored = loadedData("silero_vad.mlmodel");
    const auto compiled = loadedData("silero_vad.mlmodelc");
    ASSERT_TRUE(stored && compiled);
    EXPECT_EQ(described(*stored), described(*compiled));
    EXPECT_EQ(stored->info().producer, compiled->info().producer);
}
} // namespace syncpoint::test
