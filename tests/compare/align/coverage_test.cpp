#include "graphs.h"

#include "compare/align/coverage.h"

namespace syncpoint {
namespace {

using testing::align;
using testing::GraphMaker;

TEST(OpCoverageTest, ViewsConstantsAndShapeArithmeticAreNotMatchable)
{
    const auto graph = GraphMaker()
                           .input("x", {2, 3})
                           .constant("c", {1, 2})
                           .op("Shape", {"x"}, "s")
                           .op("Gather", {"s", "c"}, "s2")
                           .op("Neg", {"c"}, "c2")
                           .op("Reshape", {"x", "s2"}, "r")
                           .op("Relu", {"r"}, "y")
                           .output("y")
                           .build();

    const OpCoverage coverage = matchableOps(*graph, align(*graph, *graph).candidate);

    ASSERT_EQ(coverage.matchable.size(), 1U);
    EXPECT_EQ(graph->node(coverage.matchable.front().node).opType, "Relu");
    EXPECT_EQ(coverage.paired(), 1U);
}

TEST(OpCoverageTest, NothingInCommonIsZero)
{
    const auto baseline = GraphMaker().input("x", {4}).op("Relu", {"x"}, "y").output("y").build();
    const auto candidate =
        GraphMaker().input("p", {7, 7}).op("Softmax", {"p"}, "q", {7, 7}).output("q").build();

    EXPECT_EQ(matchableOps(*candidate, align(*baseline, *candidate).candidate).ratio(), 0.0);
}

TEST(OpCoverageTest, ManyUnmatchedOpsBetweenMatchedOnesAreAGapNotAFusion)
{
    const auto make = [](const std::string &prefix, const char *twin) {
        GraphMaker maker;
        maker.input("x").op("Relu", {"x"}, "start");
        std::string last = "start";
        for (int i = 0; i < 10; ++i) {
            const std::string next = prefix + std::to_string(i);
            maker.op(twin, {last}, next);
            last = next;
        }
        return maker.op("Tanh", {last}, "end").output("end").build();
    };
    const auto baseline = make("p.", "Sin");
    const auto candidate = make("q.", "Cos");

    const OpCoverage coverage = matchableOps(*candidate, align(*baseline, *candidate).candidate);

    EXPECT_EQ(coverage.matchable.size(), 12U);
    EXPECT_EQ(coverage.paired(), 2U);
}

TEST(OpCoverageTest, WhatSeveralFusedPartsShareIsAbsorbedWithThem)
{
    const auto fused = GraphMaker()
                           .input("x", {4})
                           .op("Exp", {"x"}, "a", {4})
                           .op("FusedSine", {"a"}, "sine", {4})
                           .op("FusedCosine", {"a"}, "cosine", {4})
                           .output("sine")
                           .output("cosine")
                           .build();
    const auto written = GraphMaker()
                             .input("x", {4})
                             .op("Exp", {"x"}, "a", {4})
                             .op("Neg", {"a"}, "shared", {4})
                             .op("Abs", {"shared"}, "s", {4})
                             .op("Floor", {"shared"}, "c", {4})
                             .op("Sine", {"s"}, "sine", {4})
                             .op("Cosine", {"c"}, "cosine", {4})
                             .output("sine")
                             .output("cosine")
                             .build();

    const OpCoverage coverage = matchableOps(*written, align(*fused, *written).candidate);

    EXPECT_EQ(coverage.absorbed, 3U);
    EXPECT_EQ(coverage.matchable.size(), 3U);
    EXPECT_EQ(coverage.ratio(), 1.0);
}

TEST(OpCoverageTest, ABranchThatTheOtherModelLacksIsNotMatchable)
{
    const auto flat = GraphMaker()
                          .input("x", {4})
                          .op("Exp", {"x"}, "a")
                          .op("Sin", {"a"}, "b")
                          .op("Cos", {"b"}, "c")
                          .output("c")
                          .build();
    GraphBuilder builder;
    const ScopeId main = builder.mainScope();
    builder.addInput(main, builder.localValue(main, "x"));
    builder.setConstant(builder.localValue(main, "which"),
                        Tensor::fromFloats({1}, std::vector{1.0F}));
    builder.addNode("exp", "Exp", {"x"}, {"a"});
    const NodeId choice = builder.addNode("if", "If", {"which"}, {"y"});
    const auto addBranch = [&](const std::string &name, const std::vector<std::string> &types) {
        const ScopeId body = builder.addScope(choice, name);
        std::string at = "a";
        for (const std::string &type : types) {
            Node node;
            node.opType = type;
            node.scope = body;
            node.inputs = {builder.value(body, at)};
            at = name + type;
            node.outputs = {builder.localValue(body, at)};
            builder.addNode(std::move(node));
        }
        builder.addOutput(body, builder.value(body, at));
    };
    addBranch("then_branch", {"Sin", "Cos"});
    addBranch("else_branch", {"Abs", "Sqrt", "Log"});
    builder.addOutput(main, builder.value(main, "y"));
    const auto branched = builder.build().value();

    const Alignment alignment = align(*flat, *branched);
    const auto unused = branched->findValue("if/else_branch/else_branchAbs");

    ASSERT_TRUE(unused);
    EXPECT_EQ(alignment.candidate[unused->index()].status, ValueStatus::Excluded);
    EXPECT_EQ(alignment.candidate[unused->index()].reason,
              "the other model has the other branch only");
}

} // namespace
} // namespace syncpoint
