#include "core/graph/graph_builder.h"
#include "tests/core/graph/graph_parts.h"

#include <gtest/gtest.h>

namespace syncpoint::test {

namespace {
Tensor someBytes(std::int64_t count)
{
    auto made = Tensor::fromBytes({DType::Int8, {count}, nullptr},
                                  std::vector<std::byte>(static_cast<std::size_t>(count)));
    return *made;
}
} // namespace

TEST(GraphTest, DisplayNameIsNeverEmpty)
{
    GraphBuilder builder;
    builder.addNode("named", "Relu", {"x"}, {"a"});
    builder.addNode("", "Relu", {"x"}, {"b"});
    builder.addNode("", "Print", {"x"}, {});
    const auto graph = builder.build();
    ASSERT_TRUE(graph);
    EXPECT_EQ((*graph)->displayName(NodeId{0}), "named");
    EXPECT_EQ((*graph)->displayName(NodeId{1}), "Relu → b");
    EXPECT_EQ((*graph)->displayName(NodeId{2}), "Print #2");
}

TEST(GraphTest, AWeightCountsForTheModuleThatComputesWithIt)
{
    GraphBuilder builder;
    const ScopeId main = builder.mainScope();
    builder.setConstant(builder.value(main, "weight"), someBytes(100));
    builder.setConstant(builder.value(main, "scales"), someFloats(10));
    builder.setConstant(builder.value(main, "epsilon"), someFloats(1));
    builder.setConstant(builder.value(main, "bias"), someFloats(7));
    builder.addNode("dequantize", "DequantizeLinear", {"weight", "scales"}, {"real"});
    const NodeId conv = builder.addNode("conv", "Conv", {"x", "real", "bias", "epsilon"}, {"y"});
    builder.addNode("again", "Mul", {"y", "bias"}, {"z"}); // a shared weight counts once
    const ModuleId module = builder.module("net.conv");
    builder.edit(conv).module = module;
    const auto graph = builder.build();
    ASSERT_TRUE(graph);
    const auto sizes = (*graph)->parameterSizePerModule();
    EXPECT_EQ(sizes[module.index()].parameters, 107U);
    EXPECT_EQ(sizes[module.index()].bytes, 128U);
    EXPECT_EQ((*graph)->parameterSize().parameters, 107U);
}

TEST(GraphTest, FindsAttributesByName)
{
    Node node;
    node.attributes = {{"axis", std::int64_t{1}}};
    ASSERT_NE(node.findAttribute("axis"), nullptr);
    EXPECT_EQ(node.findAttribute("perm"), nullptr);
}

} // namespace syncpoint::test
