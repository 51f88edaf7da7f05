#include "core/tensor/decode.h"
#include "tests/core/formats/executorch/pte_writer.h"
#include "tests/core/formats/zip_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

namespace syncpoint::test {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

namespace {
std::shared_ptr<const Graph> checked(Result<std::shared_ptr<const Graph>> graph)
{
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return graph ? *graph : nullptr;
}

std::shared_ptr<const Graph> loaded(const std::vector<PtePlanSpec> &plans,
                                    const std::vector<std::string> &buffers = {})
{
    return checked(loadPteBytes(PteWriter().write(plans, buffers)));
}

std::vector<std::string> namesOf(const Graph &graph, const std::vector<ValueId> &ids)
{
    std::vector<std::string> names;
    for (const ValueId id : ids) {
        names.push_back(graph.value(id).name);
    }
    return names;
}

/// x (value 0) → linear with "fc.weight" (value 1) → 2 → relu → 3
PtePlanSpec linear()
{
    return {
        "forward", {{{1, 2}}, {{2, 2}, "fc.weight", 1}, {{1, 2}, "", 0, 16}, {{1, 2}, "", 0, 32}},
        {7},       {"aten::linear", "aten::relu"},
        {},        {{0, {0, 1, 4, 2, 2}, false, {{"main.py", 3}, {"net.py", 9}}}, {1, {2, 3, 3}}},
        {0},       {3}};
}
const std::string kWeight("\0\0\x80\x3F\0\0\0\x40\0\0\x40\x40\0\0\x80\x40", 16); // 1, 2, 3, 4
} // namespace

TEST(RealPteTest, KeywordSpottingLoadsWithItsOps)
{
    const auto graph = checked(loadPte(dataFile("executorch/keyword_spotting.pte")));
    ASSERT_TRUE(graph);
    std::map<std::string, int> counts;
    for (const Node &node : graph->nodes()) {
        ++counts[node.opType];
    }
    EXPECT_EQ(counts, (std::map<std::string, int>{{"cortex_m.quantize_per_tensor.out", 1},
                                                  {"cortex_m.quantized_depthwise_conv2d.out", 5},
                                                  {"dim_order_ops._clone_dim_order.out", 2},
                                                  {"cortex_m.quantized_conv2d.out", 4},
                                                  {"cortex_m.pad.out", 1},
                                                  {"cortex_m.quantized_avg_pool2d.out", 1},
                                                  {"aten.view.default", 1},
                                                  {"cortex_m.quantized_linear.out", 1},
                                                  {"cortex_m.dequantize_per_tensor.out", 1}}));
    ASSERT_EQ(graph->mainScope().inputs.size(), 1U);
    EXPECT_EQ(graph->value(graph->mainScope().inputs[0]).shape, (Shape{1, 1, 49, 10}));
    EXPECT_THAT(namesOf(*graph, graph->mainScope().outputs), ElementsAre("instruction_15"));
    EXPECT_THAT(graph->diagnostics(), IsEmpty());
    const Node &convolution = graph->nodes()[1];
    ASSERT_GE(convolution.inputs.size(), 3U);
    const Value &weight = graph->value(convolution.inputs[1]);
    EXPECT_EQ(weight.dtype, DType::Int8);
    EXPECT_EQ(weight.shape, (Shape{1, 10, 4, 64}));
    EXPECT_TRUE(weight.constant);
    const Attribute *stride = convolution.findAttribute("argument_3");
    ASSERT_NE(stride, nullptr);
    EXPECT_EQ(toText(*stride), "[2, 2]");
}

TEST(PteLoaderTest, KernelsReadAndWriteTheNumberedValues)
{
    const auto graph = loaded({linear()}, {kWeight});
    ASSERT_TRUE(graph);
    ASSERT_EQ(graph->nodes().size(), 2U);
    const Node &op = graph->nodes()[0];
    EXPECT_EQ(op.name, "instruction_0");
    EXPECT_EQ(op.opType, "aten.linear.out");
    EXPECT_THAT(namesOf(*graph, op.inputs), ElementsAre("value_0", "fc.weight"));
    EXPECT_THAT(namesOf(*graph, op.outputs), ElementsAre("instruction_0"));
    ASSERT_NE(op.findAttribute("argument_2"), nullptr);
    EXPECT_EQ(toText(*op.findAttribute("argument_2")), "7");
    EXPECT_EQ(graph->module(op.module).path, "fc");
    const auto &weight = graph->value(op.inputs[1]).constant;
    ASSERT_TRUE(weight);
    EXPECT_THAT(decodeAll(weight->view()).value(), ElementsAre(1, 2, 3, 4));
}

TEST(PteLoaderTest, StackTracesAreInnermostFirst)
{
    const auto graph = loaded({linear()}, {kWeight});
    ASSERT_TRUE(graph);
    EXPECT_THAT(graph->nodes()[0].source, ElementsAre(SourceFrame{"net.py", 9, 0, "forward"},
                                                      SourceFrame{"main.py", 3, 0, "forward"}));
}

TEST(PteLoaderTest, ConstantsStoredInOtherAxisOrderAreTransposed)
{
    PtePlanSpec plan = linear();
    plan.tensors[1].axes = {1, 0};
    const auto graph = loaded({plan}, {kWeight});
    ASSERT_TRUE(graph);
    const auto &weight = graph->value(graph->findValue("fc.weight").value()).constant;
    ASSERT_TRUE(weight);
    EXPECT_THAT(decodeAll(weight->view()).value(), ElementsAre(1, 3, 2, 4));
}

TEST(PteLoaderTest, DelegatesArePlacement)
{
    PtePlanSpec plan = linear();
    plan.delegates = {"XnnpackBackend"};
    plan.calls = {{0, {0, 2, 3}, true}};
    plan.outputs = {2, 3};
    const auto graph = loaded({plan}, {kWeight});
    ASSERT_TRUE(graph);
    const Node &op = graph->nodes()[0];
    EXPECT_EQ(op.opType, "XnnpackBackend");
    EXPECT_EQ(op.placement, "XnnpackBackend");
    EXPECT_EQ(op.inputs.size(), 1U);
    EXPECT_THAT(namesOf(*graph, op.outputs), ElementsAre("instruction_0", "instruction_0_1"));
}

TEST(PteLoaderTest, WritingAValueAgainMakesANewOne)
{
    PtePlanSpec plan = linear();
    plan.calls = {{1, {0, 2, 2}}, {1, {2, 2, 2}}, {1, {2, 3, 3}}};
    const auto graph = loaded({plan});
    ASSERT_TRUE(graph);
    EXPECT_THAT(namesOf(*graph, graph->nodes()[1].inputs), ElementsAre("instruction_0"));
    EXPECT_THAT(namesOf(*graph, graph->nodes()[2].inputs), ElementsAre("instruction_1"));
}

TEST(PteLoaderTest, ValuesAtOnePlaceOfTheMemoryPlanAreViews)
{
    PtePlanSpec plan = linear();
    plan.tensors.push_back({{2}, "", 0, 16}); // where value 2 is
    plan.numbers = {};
    plan.calls = {{1, {0, 2, 2}}, {1, {4, 3, 3}}};
    const auto graph = loaded({plan});
    ASSERT_TRUE(graph);
    ASSERT_EQ(graph->nodes().size(), 3U);
    EXPECT_EQ(graph->nodes()[1].opType, "aten.view.default");
    EXPECT_THAT(namesOf(*graph, graph->nodes()[1].inputs), ElementsAre("instruction_0"));
    EXPECT_THAT(namesOf(*graph, graph->nodes()[2].inputs), ElementsAre("value_4"));
}

TEST(PteLoaderTest, FurtherMethodsStandBesideForward)
{
    PtePlanSpec second = linear();
    second.name = "decode";
    const PtePlanSpec number{"get_dim", {}, {64}, {}, {}, {}, {}, {0}};
    const auto graph = loaded({second, linear(), number}, {kWeight});
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->nodes().size(), 4U);
    EXPECT_TRUE(graph->findValue("instruction_0"));
    EXPECT_TRUE(graph->findValue("decode:instruction_0"));
    EXPECT_EQ(graph->mainScope().inputs.size(), 2U);
    EXPECT_THAT(graph->info().facts, Contains(Pair("get_dim", "64")));
}

TEST(PteLoaderTest, AnEtRecordBesideTheProgramTellsSources)
{
    const TemporaryFolder folder;
    writeFile(folder / "net.pte", PteWriter().write({linear()}, {kWeight}));
    const std::string program = R"({"graph_module": {"graph": {"nodes": [
      {"target": "torch.ops.aten.relu.default", "inputs": [],
       "outputs": [{"as_tensor": {"name": "relu"}}],
       "metadata": {"debug_handle": "5",
         "stack_trace": "  File \"model.py\", line 18, in forward\n    return relu(x)\n",
         "nn_module_stack": "L__self__,,net.Net;L__self___act,act,torch.nn.ReLU"}}]}}})";
    writeZip(folder / "net.etrecord", {{"ETRECORD_V0", ""},
                                       {"edge_dialect_exported_program/forward", program},
                                       {"debug_handle_map", R"({"forward": {"1": [5]}})"}});
    const auto graph = checked(loadPte(folder / "net.pte"));
    ASSERT_TRUE(graph);
    EXPECT_THAT(graph->diagnostics(), IsEmpty());
    const Node &relu = graph->nodes()[1];
    EXPECT_THAT(relu.source, ElementsAre(SourceFrame{"model.py", 18, 0, "forward"}));
    EXPECT_THAT(relu.aliases, ElementsAre("relu"));
    EXPECT_EQ(graph->module(relu.module).path, "act");

    writeFile(folder / "net.etrecord", "none");
    const auto without = checked(loadPte(folder / "net.pte"));
    ASSERT_TRUE(without);
    EXPECT_EQ(without->diagnostics().size(), 1U);
}

TEST(PteLoaderTest, WrongReferencesAreNamed)
{
    const auto errorOf = [](const PtePlanSpec &plan) {
        const auto graph = loadPteBytes(PteWriter().write({plan}, {kWeight}));
        return graph ? "loaded" : graph.error().message;
    };
    PtePlanSpec plan = linear();
    plan.calls[1].arguments = {2, 99, 99};
    EXPECT_EQ(errorOf(plan), "method 'forward': instruction 1: value 99 of 5 does not exist");
    plan = linear();
    plan.calls[0].op = 7;
    EXPECT_EQ(errorOf(plan), "method 'forward': instruction 0: op 7 of 2 does not exist");
    plan = linear();
    plan.calls[0].isDelegate = true;
    EXPECT_EQ(errorOf(plan), "method 'forward': instruction 0: delegate 0 of 0 does not exist");
    plan = linear();
    plan.outputs = {-1};
    EXPECT_EQ(errorOf(plan), "method 'forward': outputs: value -1 of 5 does not exist");
}

TEST(PteLoaderTest, ConstantsWithoutDataAreNoted)
{
    const auto graph = loaded({linear()}, {"abc"});
    ASSERT_TRUE(graph);
    ASSERT_EQ(graph->diagnostics().size(), 1U);
    EXPECT_EQ(graph->diagnostics()[0].where, "fc.weight");
    EXPECT_THAT(graph->diagnostics()[0].text, HasSubstr("3 bytes cannot hold float32 2×2"));
}

} // namespace syncpoint::test
