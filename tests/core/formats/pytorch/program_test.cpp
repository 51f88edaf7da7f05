#include "core/formats/pytorch/pt2_loader.h"
#include "core/graph/topology.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/pytorch/pickle_writer.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/formats/zip_writer.h"
#include "tests/core/graph/graph_parts.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

/// Synthetic programs: what the samples lack.
namespace syncpoint::test {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

Json tensor(const std::string &name)
{
    return {{"as_tensor", {{"name", name}}}};
}

Json argument(const std::string &name, Json value)
{
    return {{"name", name}, {"arg", std::move(value)}, {"kind", 1}};
}

Json op(const std::string &target, Json inputs, Json outputs)
{
    return {{"target", target},
            {"inputs", std::move(inputs)},
            {"outputs", std::move(outputs)},
            {"metadata", Json::object()}};
}

Json meta(int dtype, std::initializer_list<int> shape)
{
    Json sizes = Json::array();
    for (const int extent : shape) {
        sizes.push_back(extent < 0 ? Json{{"as_expr", {{"expr_str", "s0"}}}}
                                   : Json{{"as_int", extent}});
    }
    return {{"dtype", dtype}, {"sizes", sizes}, {"strides", Json::array()}};
}

Json graph(Json inputs, Json nodes, Json outputs, Json values = Json::object())
{
    return {{"inputs", std::move(inputs)},
            {"nodes", std::move(nodes)},
            {"outputs", std::move(outputs)},
            {"tensor_values", std::move(values)}};
}

Json program(Json graph, Json inputSpecs = Json::array(), Json outputSpecs = Json::array())
{
    return {
        {"schema_version", {{"major", 8}, {"minor", 9}}},
        {"graph_module",
         {{"graph", std::move(graph)},
          {"signature",
           {{"input_specs", std::move(inputSpecs)}, {"output_specs", std::move(outputSpecs)}}}}}};
}

Result<std::shared_ptr<const Graph>> loadText(const std::string &text,
                                              std::vector<ZipText> more = {})
{
    const TemporaryFolder folder;
    more.push_back({"serialized_exported_program.json", text, true});
    writeZip(folder / "a.pt2", more);
    return makePt2Loader()->load(folder / "a.pt2", {});
}

std::shared_ptr<const Graph> loaded(const Json &json, std::vector<ZipText> more = {})
{
    auto graph = loadText(json.dump(), std::move(more));
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return graph ? *graph : nullptr;
}

TEST(Pt2ProgramTest, ArgumentsBecomeInputsAndAttributes)
{
    const Json op1 =
        op("torch.ops.aten.some_op.default",
           {argument("self", tensor("x")), argument("absent", {{"as_none", true}}),
            argument("bias", tensor("y")), argument("dim", {{"as_int", -1}}),
            argument("dims", {{"as_ints", {1, 2}}}), argument("eps", {{"as_float", 0.5}}),
            argument("low", {{"as_float", "-Infinity"}}), argument("keep", {{"as_bool", true}}),
            argument("mode", {{"as_string", "mean"}}), argument("dtype", {{"as_scalar_type", 13}}),
            argument("format", {{"as_memory_format", 2}}),
            argument("device", {{"as_device", {{"type", "cuda"}, {"index", 1}}}}),
            argument("sizes", {{"as_sym_ints", {{{"as_name", "s"}}, {{"as_int", 4}}}}}),
            argument("list", {{"as_tensors", {{{"name", "x"}}, {{"name", "y"}}}}}),
            argument("indices", {{"as_optional_tensors", {{{"as_none", true}}, tensor("y")}}}),
            argument("last", {{"as_none", true}})},
           Json::array({tensor("out")}));
    const auto graph = loaded(program(test::graph(
        {tensor("x"), tensor("y"), {{"as_sym_int", {{"as_name", "s"}}}}}, {op1},
        Json::array({tensor("out")}), {{"x", meta(7, {-1, 4})}, {"out", meta(13, {})}})));
    ASSERT_TRUE(graph);
    ASSERT_EQ(graph->nodes().size(), 1U);
    const Node &node = graph->nodes()[0];
    EXPECT_EQ(node.opType, "aten.some_op.default");
    EXPECT_EQ(node.name, "out");
    EXPECT_THAT(names(*graph, node.inputs), ElementsAre("x", "-", "y", "s", "x", "y", "-", "y"));
    std::vector<std::string> attributes;
    for (const Attribute &attribute : node.attributes) {
        attributes.push_back(attribute.name + "=" + toText(attribute));
    }
    EXPECT_THAT(attributes,
                ElementsAre("dim=-1", "dims=[1, 2]", "eps=0.5", "low=-inf", "keep=1",
                            "mode=\"mean\"", "dtype=\"bfloat16\"", "format=\"channels_last\"",
                            "device=\"cuda:1\"", "sizes=[-1, 4]"));
    EXPECT_EQ(graph->value(node.inputs[0]).shape, (Shape{-1, 4}));
    EXPECT_EQ(graph->value(node.outputs[0]).dtype, DType::BFloat16);
    EXPECT_THAT(names(*graph, graph->mainScope().inputs), ElementsAre("x", "y", "s"));
}

TEST(Pt2ProgramTest, OlderUnionsListAllKeysAndWrapTheMeta)
{
    const Json all = {{"as_none", nullptr}, {"as_int", nullptr}, {"as_tensor", {{"name", "x"}}}};
    const auto graph = loaded(program(test::graph(
        {all},
        {op("torch.ops.aten.relu.default", {argument("self", all)}, Json::array({tensor("relu")}))},
        Json::array({tensor("relu")}), {{"x", {{"meta", meta(6, {2, 3})}}}})));
    ASSERT_TRUE(graph);
    const Value &input = graph->value(graph->mainScope().inputs.at(0));
    EXPECT_EQ(input.dtype, DType::Float16);
    EXPECT_EQ(input.shape, (Shape{2, 3}));
}

TEST(Pt2ProgramTest, ListsOfOutputsBecomeOutputsOfTheOp)
{
    const auto graph = loaded(program(test::graph(
        {tensor("x")},
        {op("torch.ops.aten.split.Tensor", {argument("self", tensor("x"))},
            {{{"as_tensors", {{{"name", "getitem"}}, {{"name", "getitem_1"}}}}}}),
         op("torch.ops.aten.add.Tensor",
            {argument("self", tensor("getitem")), argument("other", tensor("getitem_1"))},
            Json::array({tensor("add")}))},
        Json::array({tensor("add")}))));
    ASSERT_TRUE(graph);
    EXPECT_THAT(names(*graph, graph->nodes()[0].outputs), ElementsAre("getitem", "getitem_1"));
    EXPECT_EQ(graph->value(graph->nodes()[1].inputs[1]).producer, NodeId{0});
    EXPECT_TRUE(graph->diagnostics().empty());
}

TEST(Pt2ProgramTest, BranchesBecomeScopes)
{
    const auto branch = [](const std::string &target) {
        return test::graph(
            {tensor("arg")},
            {op(target, {argument("self", tensor("arg"))}, Json::array({tensor("inner")}))},
            Json::array({tensor("inner")}), {{"inner", meta(7, {4})}});
    };
    const auto asGraph = [](const std::string &name, const Json &body) {
        return argument("", {{"as_graph", {{"name", name}, {"graph", body}}}});
    };
    const auto graph = loaded(
        program(test::graph({tensor("flag"), tensor("x")},
                            {op("torch.ops.higher_order.cond",
                                {argument("", tensor("flag")),
                                 asGraph("true_graph_0", branch("torch.ops.aten.sin.default")),
                                 asGraph("false_graph_0", branch("torch.ops.aten.cos.default")),
                                 argument("", {{"as_tensors", Json::array({{{"name", "x"}}})}})},
                                {{{"as_tensors", Json::array({{{"name", "getitem"}}})}}})},
                            Json::array({tensor("getitem")}))));
    ASSERT_TRUE(graph);
    ASSERT_EQ(graph->nodes().size(), 3U);
    ASSERT_EQ(graph->scopes().size(), 3U);
    const Node &cond = graph->nodes()[2]; // bodies come before their owner
    EXPECT_EQ(cond.opType, "higher_order.cond");
    EXPECT_EQ(cond.bodies.size(), 2U);
    EXPECT_THAT(names(*graph, cond.inputs), ElementsAre("flag", "x"));
    const Scope &body = graph->scope(cond.bodies[0]);
    EXPECT_EQ(body.name, "true_graph_0");
    EXPECT_THAT(names(*graph, body.inputs), ElementsAre("arg"));
    EXPECT_THAT(names(*graph, body.outputs), ElementsAre("inner"));
    EXPECT_EQ(graph->value(body.outputs[0]).shape, (Shape{4}));
    EXPECT_TRUE(graph->diagnostics().empty());
}

TEST(Pt2ProgramTest, ResultsComeBeforeWhatIsWrittenToBuffers)
{
    const auto graph = loaded(
        program(test::graph({tensor("x")},
                            {op("torch.ops.aten.add.Tensor", {argument("self", tensor("x"))},
                                Json::array({tensor("counter")})),
                             op("torch.ops.aten.relu.default", {argument("self", tensor("x"))},
                                Json::array({tensor("result")}))},
                            {tensor("counter"), tensor("result")}),
                Json::array(),
                {{{"buffer_mutation", {{"arg", {{"name", "counter"}}}, {"buffer_name", "n"}}}},
                 {{"user_output", {{"arg", tensor("result")}}}}}));
    ASSERT_TRUE(graph);
    EXPECT_THAT(names(*graph, graph->mainScope().outputs), ElementsAre("result", "counter"));
}

TEST(Pt2ProgramTest, ParametersHaveFullNamesUnlessTheseAreTaken)
{
    const auto spec = [](const std::string &kind, const std::string &placeholder,
                         const std::string &name) {
        return Json{{kind, {{"arg", {{"name", placeholder}}}, {kind + "_name", name}}}};
    };
    const auto graph = loaded(program(
        test::graph({tensor("p_a_w"), tensor("p_tied"), tensor("p_add"), tensor("c_k")},
                    {op("torch.ops.aten.add.Tensor",
                        {argument("self", tensor("p_a_w")), argument("other", tensor("p_tied")),
                         argument("third", tensor("p_add")), argument("fourth", tensor("c_k"))},
                        Json::array({tensor("add")}))},
                    Json::array({tensor("add")}),
                    {{"p_a_w", meta(7, {2})}, {"add", meta(7, {2})}, {"c_k", meta(5, {})}}),
        {spec("parameter", "p_a_w", "a.w"), spec("parameter", "p_tied", "a.w"),
         spec("parameter", "p_add", "add"), spec("tensor_constant", "c_k", "k")}));
    ASSERT_TRUE(graph);
    const Node &node = graph->nodes()[0];
    EXPECT_THAT(names(*graph, node.inputs), ElementsAre("a.w", "p_tied", "p_add", "k"));
    EXPECT_TRUE(graph->mainScope().inputs.empty());
    EXPECT_TRUE(graph->value(node.inputs[0]).isConstant);
    EXPECT_EQ(graph->value(node.inputs[0]).shape, (Shape{2}));
    EXPECT_EQ(graph->value(node.inputs[3]).dtype, DType::Int64);
    ASSERT_EQ(graph->diagnostics().size(), 1U);
    EXPECT_THAT(graph->diagnostics()[0].text, HasSubstr("4 parameters"));
}

TEST(Pt2ProgramTest, QuantizedValuesCarryTheirScales)
{
    const auto graph = loaded(program(
        test::graph({tensor("x")},
                    {op("torch.ops.quantized_decomposed.quantize_per_tensor.default",
                        {argument("input", tensor("x")), argument("scale", {{"as_float", 0.25}}),
                         argument("zero_point", {{"as_int", 3}})},
                        Json::array({tensor("q")})),
                     op("torch.ops.quantized_decomposed.dequantize_per_tensor.default",
                        {argument("input", tensor("q")), argument("scale", {{"as_float", 0.25}}),
                         argument("zero_point", {{"as_int", 3}})},
                        Json::array({tensor("d")}))},
                    Json::array({tensor("d")}),
                    {{"x", meta(7, {4})}, {"q", meta(2, {4})}, {"d", meta(7, {4})}})));
    ASSERT_TRUE(graph);
    const Value &quantized = graph->value(graph->nodes()[0].outputs[0]);
    EXPECT_EQ(quantized.dtype, DType::Int8);
    ASSERT_TRUE(quantized.quantization);
    EXPECT_THAT(quantized.quantization->scales, ElementsAre(0.25));
    EXPECT_THAT(quantized.quantization->zeroPoints, ElementsAre(3));
}

TEST(Pt2ProgramTest, ArithmeticOfExtentsIsKnownAsSuch)
{
    const auto symbol = [](const std::string &name) {
        return Json{{"as_sym_int", {{"as_name", name}}}};
    };
    Json body = test::graph(
        {tensor("x")},
        {op("torch.ops.aten.sym_size.int",
            {argument("self", tensor("x")), argument("dim", {{"as_int", 0}})},
            Json::array({symbol("extent")})),
         op("_operator.mul", {argument("a", symbol("extent")), argument("b", {{"as_int", 2}})},
            Json::array({symbol("twice")})),
         op("torch.ops.aten.view.default",
            {argument("self", tensor("x")),
             argument("size", {{"as_sym_ints", Json::array({{{"as_name", "twice"}}})}})},
            Json::array({tensor("view")}))},
        Json::array({tensor("view")}), {{"x", meta(7, {-1, 2})}, {"view", meta(7, {-1})}});
    body["sym_int_values"] = {{"extent", {{"as_int", 1}}}, {"twice", {{"as_int", 2}}}};
    const auto graph = loaded(program(body));
    ASSERT_TRUE(graph);
    const std::vector<bool> shapes = shapeValues(*graph);
    for (const char *name : {"extent", "twice"}) {
        EXPECT_TRUE(shapes[graph->findValue(name)->index()]) << name;
        EXPECT_EQ(graph->value(*graph->findValue(name)).dtype, DType::Int64);
    }
    EXPECT_FALSE(shapes[graph->findValue("view")->index()]);
    EXPECT_THAT(names(*graph, graph->nodes()[2].inputs), ElementsAre("x", "twice"));
}

TEST(Pt2ProgramTest, BareInfinitiesOfPythonAreRead)
{
    std::string text = program(test::graph({tensor("x")},
                                           {op("torch.ops.aten.full.default",
                                               {argument("value", {{"as_float", "@"}})},
                                               Json::array({tensor("full")}))},
                                           Json::array({tensor("full")})))
                           .dump();
    text.replace(text.find("\"@\""), 3, "-Infinity");
    const auto graph = loadText(text);
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_EQ(toText((*graph)->nodes()[0].attributes.at(0)), "-inf");
}

TEST(Pt2ProgramTest, ErrorsNameMemberAndNode)
{
    EXPECT_THAT(loadText("{\"a\": }").error().message,
                HasSubstr("serialized_exported_program.json: the JSON text is damaged at byte 7"));
    EXPECT_THAT(loadText("[]").error().message, HasSubstr("not an exported program"));
    EXPECT_THAT(loadText(std::string(100'000, '[')).error().message, HasSubstr("deep"));
    EXPECT_THAT(
        loadText(program(test::graph(Json::array(), {Json::object()}, Json::array())).dump())
            .error()
            .message,
        HasSubstr("node 0: it has no target"));
    const Json relu = op("torch.ops.aten.relu.default", {argument("self", tensor("x"))},
                         Json::array({tensor("y")}));
    EXPECT_THAT(
        loadText(
            program(test::graph({tensor("x")}, {relu, relu}, Json::array({tensor("y")}))).dump())
            .error()
            .message,
        HasSubstr("'y' is produced twice"));
}

TEST(Pt2ProgramTest, DeepSubgraphsHitALimit)
{
    Json body = test::graph(Json::array(), Json::array(), Json::array());
    for (int i = 0; i < 30; ++i) {
        body = test::graph(
            Json::array(),
            {op("torch.ops.higher_order.cond",
                {argument("", {{"as_graph", {{"name", "g"}, {"graph", body}}}})}, Json::array())},
            Json::array());
    }
    const auto graph = loadText(program(body).dump());
    ASSERT_FALSE(graph);
    EXPECT_EQ(graph.error().code, ErrorCode::Limit);
}

TEST(Pt2ProgramTest, AStateDictWithCodeIsRefusedByName)
{
    const TemporaryFolder folder;
    writeZip(
        folder / "state.pt",
        {{"archive/data.pkl", pickle(pickleCall(pickleGlobal("os", "system"), pickleText("x")))}});
    const auto graph =
        loadText(program(test::graph(Json::array(), Json::array(), Json::array())).dump(),
                 {{"serialized_state_dict.pt", readFile(folder / "state.pt")}});
    ASSERT_FALSE(graph);
    EXPECT_THAT(graph.error().message, HasSubstr("serialized_state_dict.pt: the pickle refers to "
                                                 "'os.system'"));
}

TEST(Pt2ProgramTest, OtherZipFilesAreNamed)
{
    const TemporaryFolder folder;
    writeZip(folder / "a.pt2", {{"x.txt", "text"}});
    EXPECT_THAT(makePt2Loader()->load(folder / "a.pt2", {}).error().message,
                HasSubstr("torch.export.save()"));
    writeZip(folder / "b.pt2", {{"b/archive_format", "pt2"}, {"b/data/aotinductor/m/x.so", "ELF"}});
    EXPECT_THAT(makePt2Loader()->load(folder / "b.pt2", {}).error().message,
                HasSubstr("no exported program"));
    writeFile(folder / "c.pt2", "text");
    EXPECT_FALSE(makePt2Loader()->load(folder / "c.pt2", {}));
}

TEST(Pt2ProgramTest, OfSeveralProgramsTheOneCalledModelIsRead)
{
    const auto text = [](const std::string &target) {
        return program(test::graph({tensor("x")},
                                   {op(target, {argument("self", tensor("x"))},
                                       Json::array({tensor("y")}))},
                                   Json::array({tensor("y")})))
            .dump();
    };
    const TemporaryFolder folder;
    writeZip(folder / "a.pt2", {{"a/archive_format", "pt2"},
                                {"a/models/decode.json", text("torch.ops.aten.sin.default")},
                                {"a/models/model.json", text("torch.ops.aten.cos.default")}});
    const auto graph = makePt2Loader()->load(folder / "a.pt2", {});
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_EQ((*graph)->nodes()[0].opType, "aten.cos.default");
    ASSERT_EQ((*graph)->diagnostics().size(), 1U);
    EXPECT_THAT((*graph)->diagnostics()[0].text, HasSubstr("'decode'"));
}
} // namespace
} // namespace syncpoint::test
