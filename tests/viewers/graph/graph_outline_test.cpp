#include "viewers/graph/graph_outline.h"

#include "tests/viewers/graph/sample_model.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

std::shared_ptr<const GraphOutline> outlineOf(std::shared_ptr<const Graph> graph, bool fold = true)
{
    auto outline = makeOutline(std::move(graph), fold, JobContext{});
    EXPECT_TRUE(outline);
    return outline.value();
}

std::shared_ptr<const Graph> build(GraphBuilder &builder)
{
    auto graph = builder.build();
    EXPECT_TRUE(graph);
    return graph.value();
}

TEST(GraphOutlineTest, OpsStandInTheirModules)
{
    const auto outline = outlineOf(blockModel(2));

    ASSERT_EQ(outline->groups.size(), 4U); // model, encoder, two blocks
    EXPECT_EQ(outline->groups[1].title, "encoder");
    EXPECT_EQ(outline->groups[1].opCount, 6U);
    EXPECT_EQ(outline->groups[2].parent, 1U);
    EXPECT_EQ(outline->groups[0].leaves.size(), 3U); // input, head, output
    EXPECT_EQ(outline->groupOfModule(outline->groups[1].module), 1U);
}

TEST(GraphOutlineTest, WeightsAreRowsNotLeaves)
{
    const auto outline = outlineOf(blockModel(1));
    const NodeId conv = nodeNamed(*outline->graph, "b0/conv");

    EXPECT_EQ(outline->leaves[outline->leafOfNode[conv.index()]].constants.size(), 1U);
    EXPECT_EQ(outline->leaves.size(), 6U); // input, four ops, output
}

TEST(GraphOutlineTest, QuantizationFoldsIntoTheOpBefore)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "x"));
    builder.setConstant(builder.value(scope, "s"), Tensor());
    builder.setConstant(builder.value(scope, "w"), Tensor());
    builder.addNode("first", "Relu", {"x"}, {"a"});
    builder.addNode("q", "QuantizeLinear", {"a", "s"}, {"aq"});
    builder.addNode("dq", "DequantizeLinear", {"aq", "s"}, {"ad"});
    builder.addNode("dqw", "DequantizeLinear", {"w", "s"}, {"wd"});
    builder.addNode("second", "MatMul", {"ad", "wd"}, {"y"});
    builder.addOutput(scope, builder.value(scope, "y"));
    const auto graph = build(builder);
    const auto folded = outlineOf(graph, true);
    const auto leafOf = [&](const char *name) {
        return folded->leafOfNode[nodeNamed(*graph, name).index()];
    };

    EXPECT_EQ(leafOf("q"), leafOf("first"));
    EXPECT_EQ(leafOf("dq"), leafOf("first"));
    EXPECT_EQ(leafOf("dqw"), leafOf("second"));
    EXPECT_EQ(folded->leaves[leafOf("second")].constants.size(), 1U);
    EXPECT_EQ(folded->links.size(), 3U); // x→first→second→y
    EXPECT_EQ(outlineOf(graph, false)->leaves.size(), 7U);
}

TEST(GraphOutlineTest, ModuleThatIsEnteredAgainBecomesSeveralGroups)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "x"));
    std::string previous = "x";
    for (int i = 0; i < 2; ++i) {
        const std::string n = std::to_string(i);
        builder.addNode("conv" + n, "Conv", {previous}, {"c" + n});
        const NodeId a = builder.addNode("act_a" + n, "Mul", {"c" + n}, {"m" + n});
        const NodeId b = builder.addNode("act_b" + n, "Tanh", {"m" + n}, {"t" + n});
        builder.edit(a).module = builder.edit(b).module = builder.module("act");
        previous = "t" + n;
    }
    builder.addOutput(scope, builder.value(scope, previous));
    const auto outline = outlineOf(build(builder));

    ASSERT_EQ(outline->groups.size(), 3U);
    EXPECT_EQ(outline->groups[1].title, "act");
    EXPECT_EQ(outline->groups[2].title, "act #2");
    EXPECT_NE(outline->groups[1].key, outline->groups[2].key);
}

TEST(GraphOutlineTest, ModuleWithASingleOpHasNoGroup)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "x"));
    builder.edit(builder.addNode("only", "Relu", {"x"}, {"y"})).module = builder.module("a.b.act");
    builder.addOutput(scope, builder.value(scope, "y"));

    EXPECT_EQ(outlineOf(build(builder))->groups.size(), 1U);
}

TEST(GraphOutlineTest, ModulesThatOnlyWrapAnotherShareItsGroup)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "x"));
    const ModuleId module = builder.module("model.layers.0");
    builder.edit(builder.addNode("a", "Relu", {"x"}, {"y"})).module = module;
    builder.edit(builder.addNode("b", "Tanh", {"y"}, {"z"})).module = module;
    builder.addOutput(scope, builder.value(scope, "z"));
    const auto outline = outlineOf(build(builder));

    ASSERT_EQ(outline->groups.size(), 2U);
    EXPECT_EQ(outline->groups[1].title, "model.layers.0");
    EXPECT_EQ(outline->groupOfModule(module), 1U);
}

TEST(GraphOutlineTest, SubgraphsBecomeTheBodyOfTheirOp)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "x"));
    builder.addInput(scope, builder.localValue(scope, "flag"));
    const NodeId branch = builder.addNode("choose", "If", {"flag"}, {"y"});
    for (const char *name : {"then_branch", "else_branch"}) {
        const ScopeId body = builder.addScope(branch, name);
        Node op;
        op.name = name;
        op.opType = "Relu";
        op.scope = body;
        op.inputs = {builder.value(body, "x")};
        op.outputs = {builder.localValue(body, "inner")};
        builder.addNode(std::move(op));
        builder.addOutput(body, builder.localValue(body, "inner"));
    }
    builder.addOutput(scope, builder.value(scope, "y"));
    const auto graph = build(builder);
    const auto outline = outlineOf(graph);
    const auto &leaf = outline->leaves[outline->leafOfNode[nodeNamed(*graph, "choose").index()]];

    ASSERT_NE(leaf.body, GraphOutline::kNone);
    EXPECT_EQ(outline->groups[leaf.body].groups.size(), 2U);
    EXPECT_EQ(outline->groups[leaf.body].opCount, 2U);
}

TEST(GraphOutlineTest, CancelledJobGivesNothing)
{
    const CancelToken token;
    token.cancel();
    const auto outline = makeOutline(blockModel(1), true, JobContext{token});

    ASSERT_FALSE(outline);
    EXPECT_EQ(outline.error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace syncpoint
