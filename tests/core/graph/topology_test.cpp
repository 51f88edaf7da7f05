#include "core/graph/topology.h"

#include "core/graph/graph_builder.h"
#include "tests/core/graph/graph_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;

namespace {
bool at(const Graph &graph, const std::vector<bool> &flags, std::string_view name)
{
    return flags[graph.findValue(name)->index()];
}

std::shared_ptr<const Graph> builtOf(GraphBuilder &builder)
{
    auto built = builder.build();
    EXPECT_TRUE(built);
    return *built;
}
} // namespace

TEST(TopologyTest, ComputedInputsLeaveOutConstantsAndAbsentOnes)
{
    GraphBuilder builder;
    const ScopeId main = builder.mainScope();
    builder.setConstant(builder.value(main, "w"), someFloats(3));
    builder.addNode("op", "Conv", {"x", "w", "", "b"}, {"y"});
    const auto graph = builtOf(builder);
    EXPECT_THAT(names(*graph, computedInputs(*graph, NodeId{0})), ElementsAre("x", "b"));
}

TEST(TopologyTest, ComputedInputsIncludeWhatBodiesCapture)
{
    GraphBuilder builder;
    builder.addNode("a", "Relu", {"x"}, {"outer"});
    const NodeId conditional = builder.addNode("if", "If", {"c"}, {"y"});
    const ScopeId branch = builder.addScope(conditional, "then_branch");
    Node loop;
    loop.opType = "Loop";
    loop.scope = branch;
    loop.outputs = {builder.localValue(branch, "l")};
    const ScopeId body = builder.addScope(builder.addNode(std::move(loop)), "body");
    Node inner;
    inner.opType = "Relu";
    inner.scope = body;
    inner.inputs = {builder.value(body, "outer"), builder.value(body, "c")};
    inner.outputs = {builder.localValue(body, "i")};
    builder.addNode(std::move(inner));
    builder.addOutput(body, builder.value(body, "i"));
    builder.addOutput(branch, builder.value(branch, "x")); // an outer value handed out directly
    const auto graph = builtOf(builder);
    EXPECT_THAT(names(*graph, computedInputs(*graph, NodeId{3})),
                ::testing::UnorderedElementsAre("c", "outer", "x"));
}

TEST(TopologyTest, DepthIsTheLongestWayFromTheInputs)
{
    GraphBuilder builder;
    builder.setConstant(builder.value(builder.mainScope(), "w"), someFloats(2));
    builder.addNode("cast", "Cast", {"w"}, {"w2"}); // constants do not count
    builder.addNode("a", "Add", {"x", "w2"}, {"p"});
    builder.addNode("b", "Relu", {"p"}, {"q"});
    builder.addNode("c", "Add", {"p", "q"}, {"y"});
    const auto graph = builtOf(builder);
    EXPECT_THAT(depths(*graph), ElementsAre(0U, 0U, 1U, 2U));
}

TEST(TopologyTest, OpsOfABodyAreAsDeepAsWhatFeedsThem)
{
    GraphBuilder builder;
    builder.addNode("a", "Relu", {"x"}, {"p"});
    builder.addNode("b", "Relu", {"p"}, {"q"});
    const NodeId loop = builder.addNode("loop", "Loop", {"q"}, {"y"});
    const ScopeId body = builder.addScope(loop, "body");
    builder.addInput(body, builder.localValue(body, "state"));
    Node inner;
    inner.opType = "Relu";
    inner.scope = body;
    inner.inputs = {builder.value(body, "state")};
    inner.outputs = {builder.localValue(body, "next")};
    builder.addNode(std::move(inner));
    builder.addOutput(body, builder.value(body, "next"));
    const auto graph = builtOf(builder);
    EXPECT_THAT(depths(*graph), ElementsAre(0U, 1U, 2U, 3U));
}

TEST(TopologyTest, ConstantsSpreadThroughOpsButNotThroughRandomOnes)
{
    GraphBuilder builder;
    builder.setConstant(builder.value(builder.mainScope(), "w"), someFloats(2));
    builder.addNode("", "Transpose", {"w"}, {"t"});
    builder.addNode("", "Add", {"t", "x"}, {"y"});
    builder.addNode("", "RandomNormal", {}, {"r"});
    const auto graph = builtOf(builder);
    const auto isConstant = constantValues(*graph);
    EXPECT_TRUE(at(*graph, isConstant, "w"));
    EXPECT_TRUE(at(*graph, isConstant, "t"));
    EXPECT_FALSE(at(*graph, isConstant, "y"));
    EXPECT_FALSE(at(*graph, isConstant, "x"));
    EXPECT_FALSE(at(*graph, isConstant, "r"));
}

TEST(TopologyTest, ShapeValuesEndWhereDataBegins)
{
    GraphBuilder builder;
    const ScopeId main = builder.mainScope();
    builder.setConstant(builder.value(main, "index"), someFloats(1));
    builder.addNode("", "Shape", {"x"}, {"shape"});
    builder.addNode("", "Gather", {"shape", "index"}, {"n"});
    builder.addNode("", "Concat", {"n", "index"}, {"target"});
    builder.addNode("", "Reshape", {"x", "target"}, {"y"});
    Node cast;
    cast.opType = "Cast";
    cast.inputs = {builder.value(main, "n")};
    cast.outputs = {builder.localValue(main, "real")};
    cast.attributes = {{"to", std::int64_t{1}}};
    builder.addNode(std::move(cast));
    builder.addNode("", "Mul", {"y", "n"}, {"scaled"});
    const auto graph = builtOf(builder);
    const auto isShape = shapeValues(*graph);
    for (const char *name : {"shape", "n", "target"}) {
        EXPECT_TRUE(at(*graph, isShape, name)) << name;
    }
    for (const char *name : {"x", "y", "real", "scaled", "index"}) {
        EXPECT_FALSE(at(*graph, isShape, name)) << name;
    }
}

TEST(TopologyTest, AHundredThousandOpsAreQuick)
{
    GraphBuilder builder;
    constexpr int kOps = 100'000;
    for (int i = 0; i < kOps; ++i) {
        builder.addNode("", "Relu", {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
    }
    const auto graph = builtOf(builder);
    EXPECT_EQ(depths(*graph).back(), kOps - 1U);
    EXPECT_EQ(constantValues(*graph).size(), kOps + 1U);
    EXPECT_EQ(shapeValues(*graph).size(), kOps + 1U);
}

} // namespace syncpoint::test
