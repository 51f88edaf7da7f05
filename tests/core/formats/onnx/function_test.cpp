#include "tests/core/formats/onnx/onnx_writer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {
std::string function(std::string_view name, std::string_view body,
                     std::initializer_list<std::string_view> inputs,
                     std::initializer_list<std::string_view> outputs)
{
    std::string bytes = textField(1, name) + textField(10, "local");
    for (const std::string_view input : inputs) {
        bytes += textField(4, input);
    }
    for (const std::string_view output : outputs) {
        bytes += textField(5, output);
    }
    return textField(25, bytes + std::string(body));
}
std::string functionNode(std::string_view node)
{
    return textField(7, node);
}
std::string call(std::string_view function, std::string_view input, std::string_view output,
                 std::string_view rest = {}, std::string_view name = "call")
{
    return node(function, {input}, {output}, textField(7, "local") + std::string(rest), name);
}

std::vector<std::string> opTypes(const Graph &graph)
{
    std::vector<std::string> result;
    for (const Node &op : graph.nodes()) {
        result.push_back(op.opType);
    }
    return result;
}
} // namespace

TEST(OnnxFunctionTest, CallsAreReplacedByTheirOps)
{
    const auto graph = loadBytes(model(
        graphNode(call("F", "x", "y", {}, "first")) + graphNode(call("F", "y", "z", {}, "second")),
        function("F",
                 functionNode(node("Relu", {"in"}, {"t"}, {}, "relu")) +
                     functionNode(node("Exp", {"t"}, {"out"})),
                 {"in"}, {"out"})));
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_THAT(opTypes(**graph), ElementsAre("Relu", "Exp", "Relu", "Exp"));
    const Node &relu = (*graph)->node(NodeId{2});
    EXPECT_EQ(relu.name, "second/relu");
    EXPECT_EQ((*graph)->module(relu.module).path, "second");
    EXPECT_EQ((*graph)->module(relu.module).className, "F");
    EXPECT_EQ((*graph)->value(relu.inputs[0]).name, "y");
    EXPECT_EQ((*graph)->value(relu.outputs[0]).name, "second/t");
    EXPECT_TRUE((*graph)->findValue("z"));
}

TEST(OnnxFunctionTest, AttributesComeFromTheCallOrTheDefault)
{
    const std::string defaults =
        textField(11, textField(1, "axis") + numberField(3, 7) + numberField(20, 2));
    const std::string body =
        functionNode(node("Softmax", {"in"}, {"out"}, referenceAttribute("axis", "axis")));
    const auto graph = loadBytes(model(graphNode(call("F", "x", "y", intAttribute("axis", 3))) +
                                           graphNode(call("F", "y", "z")),
                                       function("F", body + defaults, {"in"}, {"out"})));
    ASSERT_TRUE(graph);
    const auto axis = [&](std::size_t op) {
        return std::get<std::int64_t>((*graph)->nodes()[op].findAttribute("axis")->data);
    };
    EXPECT_EQ(axis(0), 3);
    EXPECT_EQ(axis(1), 7);

    const auto without =
        loadBytes(model(graphNode(call("F", "x", "y")), function("F", body, {"in"}, {"out"})));
    ASSERT_TRUE(without);
    EXPECT_EQ((*without)->nodes()[0].findAttribute("axis"), nullptr);
}

TEST(OnnxFunctionTest, NestedCallsPassAttributesOn)
{
    const auto graph = loadBytes(
        model(graphNode(call("Outer", "x", "y", intAttribute("k", 5), "o")),
              function("Outer",
                       functionNode(call("Inner", "a", "b", referenceAttribute("axis", "k"), "i")),
                       {"a"}, {"b"}) +
                  function("Inner",
                           functionNode(node("Softmax", {"a"}, {"b"},
                                             referenceAttribute("axis", "axis"), "s")),
                           {"a"}, {"b"})));
    ASSERT_TRUE(graph);
    const Node &op = (*graph)->node(NodeId{0});
    EXPECT_EQ(op.name, "o/i/s");
    EXPECT_EQ((*graph)->module(op.module).path, "o.i");
    EXPECT_EQ(std::get<std::int64_t>(op.findAttribute("axis")->data), 5);
    EXPECT_EQ((*graph)->value(op.outputs[0]).name, "y");
}

TEST(OnnxFunctionTest, BodiesInFunctionsSeeTheFunctionsValues)
{
    const std::string branch =
        graphNode(node("Add", {"in", "t"}, {"b"})) + graphOutput(valueInfo("b", kFloat, {}));
    const auto graph = loadBytes(
        model(graphNode(call("F", "x", "y")),
              function("F",
                       functionNode(node("Relu", {"in"}, {"t"})) +
                           functionNode(node("If", {"in"}, {"out"},
                                             graphAttribute("then_branch", branch), "if")),
                       {"in"}, {"out"})));
    ASSERT_TRUE(graph);
    const Node &add = (*graph)->node(NodeId{1});
    EXPECT_EQ(add.opType, "Add");
    EXPECT_EQ((*graph)->value(add.inputs[0]).name, "x");
    EXPECT_EQ((*graph)->value(add.inputs[1]).producer, NodeId{0});
    EXPECT_TRUE((*graph)->diagnostics().empty() ||
                (*graph)->diagnostics().size() == 1U); // x is no declared input here
}

TEST(OnnxFunctionTest, AFunctionThatReturnsItsInputBecomesIdentity)
{
    const auto graph =
        loadBytes(model(graphNode(call("F", "x", "y")), function("F", "", {"a"}, {"a"})));
    ASSERT_TRUE(graph);
    EXPECT_THAT(opTypes(**graph), ElementsAre("Identity"));
}

TEST(OnnxFunctionTest, RecursionIsAClearError)
{
    const auto graph =
        loadBytes(model(graphNode(call("F", "x", "y")),
                        function("F", functionNode(call("G", "a", "b")), {"a"}, {"b"}) +
                            function("G", functionNode(call("F", "a", "b")), {"a"}, {"b"})));
    ASSERT_FALSE(graph);
    EXPECT_THAT(graph.error().message, HasSubstr("function recursion: 'F' calls itself"));
}

TEST(OnnxFunctionTest, ExponentialExpansionHitsALimit)
{
    std::string functions;
    for (int i = 0; i < 40; ++i) {
        const std::string next = fmt::format("F{}", i + 1);
        functions += function(fmt::format("F{}", i),
                              functionNode(call(next, "a", "t", {}, "l")) +
                                  functionNode(call(next, "t", "b", {}, "r")),
                              {"a"}, {"b"});
    }
    const auto graph = loadBytes(model(graphNode(call("F0", "x", "y")), functions));
    ASSERT_FALSE(graph);
    EXPECT_EQ(graph.error().code, ErrorCode::Limit);
}

TEST(OnnxFunctionTest, DeepCallsHitALimit)
{
    std::string functions;
    for (int i = 0; i < 200; ++i) {
        functions +=
            function(fmt::format("F{}", i), functionNode(call(fmt::format("F{}", i + 1), "a", "b")),
                     {"a"}, {"b"});
    }
    const auto graph = loadBytes(model(graphNode(call("F0", "x", "y")), functions));
    ASSERT_FALSE(graph);
    EXPECT_EQ(graph.error().code, ErrorCode::Limit);
}

TEST(OnnxFunctionTest, ReadsNestedFunctionsOfARealFile)
{
    const auto graph = load(dataFile("onnx/nested_local_function.onnx"));
    ASSERT_TRUE(graph);
    EXPECT_THAT(opTypes(**graph), ::testing::IsSupersetOf({"Einsum", "LpNormalization"}));
    EXPECT_TRUE((*graph)->diagnostics().empty());
}

} // namespace syncpoint::test
