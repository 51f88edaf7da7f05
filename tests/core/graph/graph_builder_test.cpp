#include "core/graph/graph_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {
std::vector<std::string> names(const Graph &graph)
{
    std::vector<std::string> result;
    for (const Node &node : graph.nodes()) {
        result.push_back(node.name);
    }
    return result;
}

/// If that captures `a`, with one op in its branch.
struct Branching
{
    GraphBuilder builder;
    NodeId conditional;
    ScopeId branch;

    Branching()
    {
        conditional = builder.addNode("if", "If", {"condition"}, {"result"});
        branch = builder.addScope(conditional, "then_branch");
        Node inner;
        inner.name = "inner";
        inner.opType = "Relu";
        inner.scope = branch;
        inner.inputs = {builder.value(branch, "a")};
        inner.outputs = {builder.localValue(branch, "b")};
        builder.addNode(std::move(inner));
        builder.addOutput(branch, builder.value(branch, "b"));
    }
};
} // namespace

TEST(GraphBuilderTest, KeepsFileOrderWhenItIsTopological)
{
    GraphBuilder builder;
    builder.addNode("left", "Relu", {"x"}, {"l"});
    builder.addNode("right", "Relu", {"x"}, {"r"});
    builder.addNode("sum", "Add", {"r", "l"}, {"y"});
    const auto graph = builder.build();
    ASSERT_TRUE(graph);
    EXPECT_THAT(names(**graph), ElementsAre("left", "right", "sum"));
}

TEST(GraphBuilderTest, SortsOpsAndLinksThem)
{
    GraphBuilder builder;
    builder.addNode("last", "Add", {"m", "m"}, {"y"});
    builder.addNode("first", "Relu", {"x"}, {"m"});
    builder.addInput(builder.mainScope(), builder.value(builder.mainScope(), "x"));
    builder.addOutput(builder.mainScope(), builder.value(builder.mainScope(), "y"));
    const auto built = builder.build();
    ASSERT_TRUE(built);
    const Graph &graph = **built;
    EXPECT_THAT(names(graph), ElementsAre("first", "last"));
    const Value &middle = graph.value(*graph.findValue("m"));
    EXPECT_EQ(middle.producer, NodeId{0});
    EXPECT_THAT(middle.consumers, ElementsAre(NodeId{1}, NodeId{1}));
    EXPECT_TRUE(graph.value(*graph.findValue("x")).isInput);
    EXPECT_TRUE(graph.value(*graph.findValue("y")).isOutput);
    EXPECT_TRUE(graph.diagnostics().empty());
    EXPECT_THAT(graph.module(ModuleId{0}).nodes, ElementsAre(NodeId{0}, NodeId{1}));
}

TEST(GraphBuilderTest, ABodyRunsAfterWhatItCapturesAndBeforeItsOwner)
{
    Branching given;
    given.builder.addNode("source", "Exp", {"x"}, {"a"});
    given.builder.addNode("test", "Not", {"x"}, {"condition"});
    const auto built = given.builder.build();
    ASSERT_TRUE(built);
    const Graph &graph = **built;
    EXPECT_THAT(names(graph), ElementsAre("source", "test", "inner", "if"));
    EXPECT_EQ(graph.scope(ScopeId{1}).owner, NodeId{3});
    EXPECT_EQ(graph.scope(ScopeId{1}).path, "if/then_branch");
    EXPECT_THAT(graph.node(NodeId{3}).bodies, ElementsAre(ScopeId{1}));
    EXPECT_THAT(graph.value(*graph.findValue("a")).consumers, ElementsAre(NodeId{2}));
    const auto inner = graph.findValue("if/then_branch/b");
    ASSERT_TRUE(inner);
    EXPECT_EQ(graph.qualifiedName(*inner), "if/then_branch/b");
}

TEST(GraphBuilderTest, ABodyMayNotNeedItsOwnersResult)
{
    Branching given;
    given.builder.addNode("source", "Exp", {"result"}, {"a"});
    const auto built = given.builder.build();
    ASSERT_FALSE(built);
    EXPECT_THAT(built.error().message, HasSubstr("cycle"));
}

TEST(GraphBuilderTest, NamesAnOpOfACycle)
{
    GraphBuilder builder;
    builder.addNode("innocent", "Relu", {"b"}, {"c"});
    builder.addNode("one", "Relu", {"b"}, {"a"});
    builder.addNode("two", "Relu", {"a"}, {"b"});
    const auto built = builder.build();
    ASSERT_FALSE(built);
    EXPECT_EQ(built.error().code, ErrorCode::BadFormat);
    EXPECT_THAT(built.error().message,
                ::testing::AnyOf(HasSubstr("op 'one'"), HasSubstr("op 'two'")));
}

TEST(GraphBuilderTest, RefusesAValueWithTwoProducers)
{
    GraphBuilder builder;
    builder.addNode("one", "Relu", {"x"}, {"y"});
    builder.addNode("two", "Relu", {"x"}, {"y"});
    const auto built = builder.build();
    ASSERT_FALSE(built);
    EXPECT_THAT(built.error().message,
                ::testing::AllOf(HasSubstr("'y'"), HasSubstr("'one'"), HasSubstr("'two'")));
}

TEST(GraphBuilderTest, RefusesAnOpThatProducesAnInput)
{
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.value(builder.mainScope(), "x"));
    builder.addNode("one", "Relu", {"x"}, {"x"});
    EXPECT_FALSE(builder.build());
}

TEST(GraphBuilderTest, RefusesAValueOfAnotherBody)
{
    Branching given;
    Node outside;
    outside.name = "outside";
    outside.inputs = {*given.builder.findLocalValue(given.branch, "b")};
    outside.outputs = {given.builder.localValue(given.builder.mainScope(), "z")};
    given.builder.addNode(std::move(outside));
    const auto built = given.builder.build();
    ASSERT_FALSE(built);
    EXPECT_THAT(built.error().message, HasSubstr("'outside'"));
}

TEST(GraphBuilderTest, ReportsValuesThatNobodyGives)
{
    GraphBuilder builder;
    builder.addNode("op", "Add", {"ghost", ""}, {"y"});
    const auto built = builder.build();
    ASSERT_TRUE(built);
    ASSERT_EQ((*built)->diagnostics().size(), 1U);
    EXPECT_EQ((*built)->diagnostics()[0].where, "ghost");
    EXPECT_FALSE((*built)->node(NodeId{0}).inputs[1].isValid());
}

TEST(GraphBuilderTest, MakesModulesWithTheirParents)
{
    GraphBuilder builder;
    const ModuleId norm = builder.module("encoder.blocks.0.norm1", "LayerNorm");
    EXPECT_EQ(builder.module("encoder..blocks.0.norm1"), norm);
    EXPECT_EQ(builder.module(""), ModuleId{0});
    const auto built = builder.build();
    ASSERT_TRUE(built);
    const Graph &graph = **built;
    ASSERT_EQ(graph.modules().size(), 5U);
    EXPECT_EQ(graph.module(norm).name, "norm1");
    EXPECT_EQ(graph.module(norm).className, "LayerNorm");
    EXPECT_EQ(graph.module(graph.module(norm).parent).path, "encoder.blocks.0");
    EXPECT_THAT(graph.module(graph.module(norm).parent).children, ElementsAre(norm));
}

TEST(GraphBuilderTest, AHostileModulePathStaysCheap)
{
    GraphBuilder builder;
    std::string path;
    for (int i = 0; i < 100'000; ++i) {
        path += "a.";
    }
    builder.module(path);
    const auto built = builder.build();
    ASSERT_TRUE(built);
    EXPECT_EQ((*built)->modules().size(), 65U);
}

TEST(GraphBuilderTest, BuildsAChainOfAHundredThousandOps)
{
    GraphBuilder builder;
    constexpr int kOps = 100'000;
    for (int i = kOps; i-- > 0;) { // worst case: written backwards
        builder.addNode(std::to_string(i), "Relu", {"v" + std::to_string(i)},
                        {"v" + std::to_string(i + 1)});
    }
    const auto built = builder.build();
    ASSERT_TRUE(built);
    EXPECT_EQ((*built)->node(NodeId{0}).name, "0");
    EXPECT_EQ((*built)->node(NodeId{kOps - 1}).name, std::to_string(kOps - 1));
}

TEST(GraphBuilderTest, NestsThousandsOfBodiesWithoutRecursion)
{
    GraphBuilder builder;
    ScopeId scope = builder.mainScope();
    for (int i = 0; i < 2'000; ++i) {
        Node node;
        node.name = "i"; // paths grow with the nesting, so names stay short
        node.opType = "If";
        node.scope = scope;
        node.outputs = {builder.localValue(scope, "o")};
        scope = builder.addScope(builder.addNode(std::move(node)), "b");
    }
    const auto built = builder.build();
    ASSERT_TRUE(built);
    EXPECT_EQ((*built)->node(NodeId{1'999}).scope, ScopeId{0}); // the outermost owner comes last
}

TEST(GraphBuilderTest, AHostileNameOfAnOpIsNotBeforeEveryValueOfItsBody)
{
    GraphBuilder builder;
    const NodeId owner = builder.addNode(std::string(100'000, 'x'), "If", {}, {"y"});
    const ScopeId first = builder.addScope(owner, "then_branch");
    const ScopeId second = builder.addScope(owner, "else_branch");
    const ValueId inFirst = builder.localValue(first, "a");
    const ValueId inSecond = builder.localValue(second, "a");
    const auto built = builder.build();
    ASSERT_TRUE(built);
    EXPECT_LT((*built)->qualifiedName(inFirst).size(), 1100U);
    EXPECT_EQ((*built)->findValue((*built)->qualifiedName(inFirst)), inFirst);
    EXPECT_EQ((*built)->findValue((*built)->qualifiedName(inSecond)), inSecond);
}

} // namespace syncpoint::test
