#include "tests/core/formats/tflite/tflite_writer.h"

#include <debug_metadata_generated.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

/// No public sample has what is tested here: all models are written by the test.
namespace {
constexpr std::int32_t kAdd = 0;
constexpr std::int32_t kConv = 3;
constexpr std::int32_t kRelu = 19;
constexpr std::int32_t kCall = 31;
constexpr std::int32_t kCustom = 32;
constexpr std::int32_t kIf = 118;
constexpr std::int32_t kWhile = 119;
constexpr std::int32_t kComposite = 206;

/// x → RELU → y, both of four numbers.
TfliteSubgraphSpec reluGraph(std::string name, const std::string &x = "x",
                             const std::string &y = "y")
{
    return {std::move(name), {{x, {4}}, {y, {4}}}, {{kRelu, {0}, {1}}}, {0}, {1}};
}

std::shared_ptr<const Graph> loaded(const TfliteModelSpec &model)
{
    auto graph = loadTfliteBytes(written(model));
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return graph ? *graph : nullptr;
}

std::string errorOf(const TfliteModelSpec &model)
{
    const auto graph = loadTfliteBytes(written(model));
    return graph ? "loaded" : graph.error().message;
}

std::string moduleOf(const Graph &graph, std::size_t node)
{
    return graph.module(graph.nodes()[node].module).path;
}

/// One op whose result has this name.
std::shared_ptr<const Graph> opNamed(const std::string &name)
{
    return loaded({{reluGraph("main", "x", name)}});
}
} // namespace

TEST(TfliteStructureTest, FurtherSignaturesStandBesideTheFirst)
{
    const auto graph = loaded(
        {{reluGraph("main", "x", "y"), reluGraph("second", "x", "block/y")},
         {{"prefill", 0, {{"tokens", 0}}, {{"logits", 1}}}, {"decode", 1, {}, {{"logits", 1}}}}});
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->nodes().size(), 2U);
    EXPECT_EQ(graph->mainScope().inputs.size(), 2U);
    EXPECT_TRUE(graph->findValue("y"));
    EXPECT_TRUE(graph->findValue("decode/block/y"));
    EXPECT_EQ(moduleOf(*graph, 1), "decode.block");
    EXPECT_THAT(graph->nodes()[0].aliases, ElementsAre("logits"));
    EXPECT_THAT(graph->info().facts, Contains(Pair("signature prefill", "tokens → logits")));
}

TEST(TfliteStructureTest, SubgraphsOfControlFlowAreBodies)
{
    TfliteSubgraphSpec main{"main",
                            {{"c", {}, 6}, {"x", {4}}, {"y", {4}}, {"z", {4}}},
                            {{kIf, {0, 1}, {2}, 92, {1, 2}}, {kWhile, {2}, {3}, 93, {1, 2}}},
                            {0, 1},
                            {3}};
    const auto graph = loaded({{main, reluGraph("then", "x", "t"), reluGraph("else", "x", "e")}});
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->scopes().size(), 5U);
    EXPECT_EQ(graph->nodes().size(), 6U); // the bodies run by both
    EXPECT_TRUE(graph->findValue("IF_0/then/t"));
    EXPECT_TRUE(graph->findValue("IF_0/else/e"));
    const auto isIf = [](const Node &node) { return node.opType == "IF"; };
    const auto found = std::find_if(graph->nodes().begin(), graph->nodes().end(), isIf);
    ASSERT_NE(found, graph->nodes().end());
    EXPECT_EQ(found->bodies.size(), 2U);
}

TEST(TfliteStructureTest, ACompositeShowsItsNameAndDecomposition)
{
    TfliteSubgraphSpec main{"main",
                            {{"x", {4}}, {"y", {4}}},
                            // The name is left out: fields of four bytes are all the writer knows.
                            {{kComposite, {0}, {1}, 21, {-77, 1}, true}},
                            {0},
                            {1}};
    const auto graph = loaded({{main, reluGraph("impl")}});
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->scopes().size(), 2U);
    EXPECT_EQ(graph->scopes()[1].name, "decomposition");
}

TEST(TfliteStructureTest, SubgraphsThatRunThemselvesHitALimit)
{
    TfliteSubgraphSpec main{
        "main", {{"x", {4}}, {"y", {4}}}, {{kCall, {0}, {1}, 16, {0}}}, {0}, {1}};
    EXPECT_THAT(errorOf({{main}}), HasSubstr("deep"));
}

TEST(TfliteStructureTest, ABodyThatDoesNotExistIsNamed)
{
    TfliteSubgraphSpec main{
        "main", {{"x", {4}}, {"y", {4}}}, {{kCall, {0}, {1}, 16, {7}}}, {0}, {1}};
    EXPECT_EQ(errorOf({{main}}),
              "subgraph 0: op 0 (CALL): its subgraph 'subgraph' (7 of 1) does not exist");
}

TEST(TfliteStructureTest, WrongTensorsAreNamed)
{
    TfliteSubgraphSpec main = reluGraph("main");
    main.ops[0].inputs = {9};
    EXPECT_EQ(errorOf({{main}}), "subgraph 0: op 0 (RELU): tensor 9 of 2 does not exist");
    main = reluGraph("main");
    main.outputs = {-5};
    EXPECT_EQ(errorOf({{main}}), "subgraph 0: outputs: tensor -5 of 2 does not exist");
    EXPECT_EQ(errorOf({{}}), "the model has no subgraph");
}

TEST(TfliteStructureTest, CustomAndNewOpsAreNamed)
{
    TfliteSubgraphSpec main{"main",
                            {{"x", {4}}, {"a", {4}}, {"b", {4}}, {"c", {4}}},
                            {{kCustom, {0}, {1}, 0, {}, false, "MyOp"},
                             {kCustom, {1}, {2}, 0, {}, false, "edgetpu-custom-op"},
                             {999, {2}, {3}}},
                            {0},
                            {3}};
    const auto graph = loaded({{main}});
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->nodes()[0].opType, "MyOp");
    EXPECT_EQ(graph->nodes()[0].placement, "");
    EXPECT_EQ(graph->nodes()[1].placement, "Edge TPU");
    EXPECT_EQ(graph->nodes()[2].opType, "BUILTIN_999");
}

TEST(TfliteStructureTest, AbsentOperandsAndMissingNamesAreKept)
{
    TfliteSubgraphSpec main{
        "", {{"", {4}}, {"", {4}}}, {{kFullyConnected, {0, -1, -1}, {1}}}, {0}, {1}};
    const auto graph = loaded({{main}});
    ASSERT_TRUE(graph);
    ASSERT_EQ(graph->nodes()[0].inputs.size(), 3U);
    EXPECT_FALSE(graph->nodes()[0].inputs[1].isValid());
    EXPECT_TRUE(graph->findValue("tensor_1"));
}

TEST(TfliteStructureTest, ModulesComeFromTheFirstNameThatHasOne)
{
    EXPECT_EQ(moduleOf(*opNamed("model/conv/Relu;model/bn/Add"), 0), "model.conv");
    EXPECT_EQ(moduleOf(*opNamed("StatefulPartitionedCall/model/fc/MatMul"), 0), "model.fc");
    EXPECT_EQ(moduleOf(*opNamed("StatefulPartitionedCall:0"), 0), "");
    EXPECT_EQ(moduleOf(*opNamed("model/tf.reshape_1/Reshape"), 0), "model.tf_reshape_1");
    const auto torch = opNamed("net.Net/net.Block_block/torch.nn.modules.linear.Linear_q_proj;3");
    ASSERT_TRUE(torch);
    EXPECT_EQ(moduleOf(*torch, 0), "block.q_proj");
    EXPECT_EQ(torch->module(torch->nodes()[0].module).className, "torch.nn.modules.linear.Linear");
}

TEST(TfliteStructureTest, AConstantsDialectIsNoModule)
{
    TfliteSubgraphSpec main{"main",
                            {{"x", {1}}, {"arith.constant1", {1}, 0, "\1\2\3\4"}, {"y:0", {1}}},
                            {{kAdd, {0, 1}, {2}}},
                            {0},
                            {2}};
    const auto graph = loaded({{main}});
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->modules().size(), 1U);
}

TEST(TfliteStructureTest, DebugMetadataGivesSourceFrames)
{
    using namespace tflite_debug;
    flatbuffers::FlatBufferBuilder out;
    const auto line = [&out](const char *file, std::uint32_t at) {
        return CreateLocation(out, LocationType_FileLineColLoc,
                              CreateFileLineColLoc(out, out.CreateString(file), at, 4).Union())
            .Union();
    };
    // 0 and 1: lines; 2: a call of 0 from 1; 3: its name; 4: refers to itself.
    const std::vector<flatbuffers::Offset<void>> locations{
        line("layer.py", 7), line("main.py", 30),
        CreateLocation(out, LocationType_CallSiteLoc, CreateCallSiteLoc(out, 0, 1).Union()).Union(),
        CreateLocation(out, LocationType_NameLoc,
                       CreateNameLoc(out, out.CreateString("encoder/relu"), 2).Union())
            .Union(),
        CreateLocation(out, LocationType_NameLoc,
                       CreateNameLoc(out, out.CreateString("self"), 4).Union())
            .Union()};
    const auto opAt = [&out](std::uint32_t location) {
        return CreateOperatorDebugMetadata(out,
                                           out.CreateVector(std::vector<std::uint32_t>{location}));
    };
    const std::vector<flatbuffers::Offset<OperatorDebugMetadata>> ops{opAt(3), opAt(4)};
    const std::vector<flatbuffers::Offset<SubgraphDebugMetadata>> graphs{
        CreateSubgraphDebugMetadata(out, out.CreateVector(ops))};
    const auto kinds =
        out.CreateVector(std::vector<std::uint8_t>(locations.size(), Attribute_Location));
    const auto conversion = CreateConversionDebugMetadata(out, out.CreateVector(graphs), kinds,
                                                          out.CreateVector(locations));
    const auto rootKinds =
        out.CreateVector(std::vector<std::uint8_t>{DebugMetadataType_ConversionDebugMetadata});
    out.Finish(CreateDebugMetadata(
        out, rootKinds,
        out.CreateVector(std::vector<flatbuffers::Offset<void>>{conversion.Union()})));
    const std::string bytes(reinterpret_cast<const char *>(out.GetBufferPointer()), out.GetSize());

    TfliteSubgraphSpec main{
        "main",
        {{"x", {4}}, {"a", {4}}, {"b", {4}}},
        {{kRelu, {0}, {1}, 0, {}, false, "", 0}, {kRelu, {1}, {2}, 0, {}, false, "", 1}},
        {0},
        {2}};
    const auto graph = loaded({{main}, {}, {{"debug_metadata", bytes}}});
    ASSERT_TRUE(graph);
    EXPECT_THAT(graph->diagnostics(), IsEmpty());
    EXPECT_THAT(graph->nodes()[0].source,
                ElementsAre(SourceFrame{"layer.py", 7, 4, ""}, SourceFrame{"main.py", 30, 4, ""}));
    EXPECT_THAT(graph->nodes()[0].aliases, ElementsAre("encoder/relu"));
    EXPECT_THAT(graph->nodes()[1].source, IsEmpty());
    const auto damaged = loaded({{main}, {}, {{"debug_metadata", "none of it"}}});
    ASSERT_TRUE(damaged);
    EXPECT_EQ(damaged->diagnostics().size(), 1U);
}

} // namespace syncpoint::test
