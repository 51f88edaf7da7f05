#include "core/formats/pytorch/pt2_loader.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

namespace syncpoint::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

std::shared_ptr<const Graph> loadedSample(const std::string &name)
{
    const auto path = dataFile("pytorch/" + name);
    EXPECT_EQ(makePt2Loader()->probe(*FileProbe::of(path)), ProbeAnswer::Yes);
    auto graph = makePt2Loader()->load(path, {});
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

const Node *nodeNamed(const Graph &graph, std::string_view name)
{
    const auto found = std::find_if(graph.nodes().begin(), graph.nodes().end(),
                                    [&](const Node &node) { return node.name == name; });
    return found == graph.nodes().end() ? nullptr : &*found;
}

TEST(Pt2SamplesTest, TheWholeProgramHasItsOpsModulesAndSource)
{
    const auto graph = loadedSample("promptseg_program.pt2");
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->info().producer, "PyTorch 2.6.0+debian");
    EXPECT_THAT(graph->info().facts, Contains(Pair("schema", "8.2")));
    EXPECT_EQ(graph->nodes().size(), 212U);
    EXPECT_THAT(opCounts(*graph),
                UnorderedElementsAre(
                    Pair("aten.linear.default", 48), Pair("aten.transpose.int", 42),
                    Pair("aten.reshape.default", 33), Pair("aten.add.Tensor", 17),
                    Pair("aten.layer_norm.default", 17), Pair("aten.matmul.default", 16),
                    Pair("aten.mul.Tensor", 9), Pair("aten.softmax.int", 8),
                    Pair("aten.gelu.default", 7), Pair("aten.conv2d.default", 4),
                    Pair("aten.sigmoid.default", 2), Pair("aten.conv_transpose2d.input", 2),
                    Pair("aten.batch_norm.default", 2), Pair("aten.relu.default", 2),
                    Pair("aten.flatten.using_ints", 1), Pair("aten.embedding.default", 1),
                    Pair("aten.mean.dim", 1)));
    const auto &inputs = graph->mainScope().inputs;
    ASSERT_EQ(inputs.size(), 2U);
    EXPECT_EQ(graph->value(inputs[0]).name, "pixel_values");
    EXPECT_EQ(graph->value(inputs[0]).shape, (Shape{1, 3, 64, 64}));
    EXPECT_EQ(graph->value(inputs[1]).name, "input_ids");
    EXPECT_EQ(graph->value(inputs[1]).dtype, DType::Int64);

    const Node *conv = nodeNamed(*graph, "conv2d");
    ASSERT_NE(conv, nullptr);
    EXPECT_EQ(graph->module(conv->module).path, "image_encoder.patch_embed");
    EXPECT_EQ(graph->module(conv->module).className, "torch.nn.modules.conv.Conv2d");
    EXPECT_EQ(graph->module(ModuleId{0}).className, "promptseg.PromptSeg");
    EXPECT_THAT(conv->source, ElementsAre(SourceFrame{"promptseg.py", 65, 0, "forward"},
                                          SourceFrame{"promptseg.py", 126, 0, "forward"}));
    EXPECT_EQ(graph->value(conv->outputs[0]).shape, (Shape{1, 128, 8, 8}));
    EXPECT_EQ(graph->value(conv->inputs[1]).name, "image_encoder.patch_embed.weight");
    EXPECT_THAT(conv->metadata, Contains(Pair("torch_fn", "conv2d_1;builtin_function_or_method."
                                                          "conv2d")));
    const auto stride = conv->findAttribute("stride");
    ASSERT_NE(stride, nullptr);
    EXPECT_EQ(toText(*stride), "[8, 8]");
    EXPECT_EQ(graph->diagnostics().size(), 1U); // the weights are not there
}

TEST(Pt2SamplesTest, BothLayoutsGiveTheSameGraphAndWeights)
{
    const auto flat = loadedSample("promptseg_decoder.pt2");
    const auto archive = loadedSample("promptseg_decoder_archive.pt2"); // synthetic
    ASSERT_TRUE(flat && archive);
    for (const auto &graph : {flat, archive}) {
        EXPECT_EQ(graph->nodes().size(), 35U);
        EXPECT_EQ(graph->parameterSize().parameters, 24'896U);
        EXPECT_TRUE(graph->diagnostics().empty());
        EXPECT_EQ(graph->mainScope().inputs.size(), 2U);
        EXPECT_EQ(graph->mainScope().outputs.size(), 1U);
    }
    ASSERT_EQ(flat->values().size(), archive->values().size());
    for (std::size_t i = 0; i < flat->values().size(); ++i) {
        const Value &a = flat->values()[i];
        const Value &b = archive->values()[i];
        EXPECT_EQ(a.name, b.name);
        EXPECT_EQ(a.dtype, b.dtype);
        EXPECT_EQ(a.shape, b.shape);
        ASSERT_EQ(a.constant.has_value(), b.constant.has_value()) << a.name;
        if (a.constant) {
            EXPECT_TRUE(std::ranges::equal(a.constant->bytes(), b.constant->bytes())) << a.name;
        }
    }
}

TEST(Pt2SamplesTest, BuffersKeepTheirTypes)
{
    const auto graph = loadedSample("promptseg_decoder.pt2");
    ASSERT_TRUE(graph);
    const Node *norm = nodeNamed(*graph, "batch_norm");
    ASSERT_NE(norm, nullptr);
    ASSERT_EQ(norm->inputs.size(), 5U);
    const Value &variance = graph->value(norm->inputs[4]);
    EXPECT_EQ(variance.name, "detector.decoder.bn1.running_var");
    ASSERT_TRUE(variance.constant);
    EXPECT_EQ(variance.constant->info().dtype, DType::Float32);
    EXPECT_EQ(variance.constant->info().shape, (Shape{24}));
    for (const float number : *decodeAll(variance.constant->view())) {
        EXPECT_GT(number, 0.0F);
    }
}

} // namespace
} // namespace syncpoint::test
