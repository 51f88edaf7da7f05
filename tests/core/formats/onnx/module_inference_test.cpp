#include "core/formats/module_inference.h"

#include <gtest/gtest.h>

namespace syncpoint::test {

namespace {
std::string moduleOf(const Graph &graph, std::size_t node)
{
    return graph.module(graph.nodes()[node].module).path;
}
} // namespace

TEST(ModuleInferenceTest, AnOpBelongsToTheModuleOfItsParameter)
{
    GraphBuilder builder;
    const float one = 1.0F;
    builder.setConstant(builder.value(builder.mainScope(), "encoder.0.conv.weight"),
                        Tensor::fromFloats({1}, {&one, 1}));
    builder.addNode("", "Conv", {"x", "encoder.0.conv.weight"}, {"y"});
    inferModules(builder, {false});
    const auto graph = builder.build();
    ASSERT_TRUE(graph);
    EXPECT_EQ(moduleOf(**graph, 0), "encoder.0.conv");
}

TEST(ModuleInferenceTest, AnOpBetweenTwoModulesBelongsToTheirCommonParent)
{
    GraphBuilder builder;
    const NodeId before = builder.addNode("", "Conv", {"x"}, {"a"});
    builder.addNode("", "Relu", {"a"}, {"b"});
    const NodeId after = builder.addNode("", "Conv", {"b"}, {"c"});
    builder.edit(before).module = builder.module("encoder.10");
    builder.edit(after).module = builder.module("encoder.1");
    inferModules(builder, {true, false, true});
    const auto graph = builder.build();
    ASSERT_TRUE(graph);
    EXPECT_EQ(moduleOf(**graph, 1), "encoder");
}

TEST(ModuleInferenceTest, AConstantBelongsToItsConsumer)
{
    GraphBuilder builder;
    builder.addNode("", "Constant", {}, {"k"});
    builder.addNode("", "Cast", {"k"}, {"k2"});
    const NodeId user = builder.addNode("", "Mul", {"x", "k2"}, {"y"});
    builder.edit(user).module = builder.module("head");
    inferModules(builder, {false, false, true});
    const auto graph = builder.build();
    ASSERT_TRUE(graph);
    EXPECT_EQ(moduleOf(**graph, 0), "head");
    EXPECT_EQ(moduleOf(**graph, 1), "head");
}

} // namespace syncpoint::test
