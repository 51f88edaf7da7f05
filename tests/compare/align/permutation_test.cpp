#include "compare/align/permutation.h"
#include "core/graph/graph_builder.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using Axes = std::vector<std::size_t>;

std::optional<Axes> permutation(const std::string &opType, std::vector<Attribute> attributes,
                                std::optional<Shape> shape = Shape{2, 3, 4})
{
    GraphBuilder builder;
    const ValueId input = builder.localValue(builder.mainScope(), "x");
    builder.addInput(builder.mainScope(), input);
    builder.edit(input).shape = std::move(shape);
    const NodeId node = builder.addNode("t", opType, {"x"}, {"y"});
    builder.edit(node).attributes = std::move(attributes);
    const auto graph = builder.build();
    return permutationOf(**graph, (*graph)->nodes()[0]);
}

Attribute number(std::string name, std::int64_t value)
{
    return {std::move(name), value};
}

Attribute list(std::string name, std::vector<std::int64_t> values)
{
    return {std::move(name), std::move(values)};
}

TEST(PermutationTest, IsListedSwappedOrReversed)
{
    EXPECT_EQ(permutation("Transpose", {list("perm", {0, 2, 1})}), (Axes{0, 2, 1}));
    EXPECT_EQ(permutation("Transpose", {}), (Axes{2, 1, 0}));
    EXPECT_EQ(permutation("aten.permute.default", {list("dims", {0, -1, 1})}), (Axes{0, 2, 1}));
    EXPECT_EQ(permutation("aten.transpose.int", {number("dim0", 1), number("dim1", 2)}),
              (Axes{0, 2, 1}));
    EXPECT_EQ(permutation("aten.transpose.int", {number("dim0", -1), number("dim1", 0)}),
              (Axes{2, 1, 0}));
    EXPECT_EQ(permutation("aten.t.default", {}, Shape{2, 3}), (Axes{1, 0}));
}

TEST(PermutationTest, IsUnknownWhenAxesAreNoneOfTheInput)
{
    EXPECT_FALSE(permutation("Transpose", {list("perm", {0, 0, 1})}));
    EXPECT_FALSE(permutation("Transpose", {list("perm", {0, 3, 1})}));
    EXPECT_FALSE(permutation("Transpose", {list("perm", {0, -4, 1})}));
    EXPECT_FALSE(permutation("Transpose", {number("perm", 1)}));
    EXPECT_FALSE(permutation("Transpose", {}, std::nullopt));
    EXPECT_FALSE(permutation("aten.transpose.int", {number("dim0", 3), number("dim1", 0)}));
    EXPECT_FALSE(permutation("aten.transpose.int", {number("dim0", INT64_MIN), number("dim1", 0)}));
    EXPECT_FALSE(permutation("transpose", {}));
}

} // namespace
} // namespace syncpoint
