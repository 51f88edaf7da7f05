#include "core/graph/graph_builder.h"
#include "core/placement/place_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {
namespace {

using testing::ElementsAre;

std::shared_ptr<const Graph> chain()
{
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.value(builder.mainScope(), "x"));
    builder.addNode("/a/Conv", "Conv", {"x"}, {"a_out"});
    builder.addNode("/a/Relu", "Relu", {"a_out"}, {"b_out"});
    builder.addNode("", "Add", {"b_out"}, {"c_out"});
    builder.addOutput(builder.mainScope(), builder.value(builder.mainScope(), "c_out"));
    return *builder.build();
}

PlacementRow row(std::string kernel, std::vector<std::string> names = {})
{
    PlacementRow out;
    out.names = std::move(names);
    out.placement.kernel = std::move(kernel);
    out.placement.ranOn = "npu";
    out.placement.microseconds = 8.0;
    return out;
}

TEST(PlaceRowsTest, OpsAreFoundByNameByValueAndBySimilarName)
{
    const auto graph = chain();
    for (const char *name : {"/a/Relu", "b_out", "_a_Relu", "a.Relu"}) {
        OpPlacements placements;
        placeRows(*graph, std::vector{row(name)}, placements);
        const bool isSimilar = std::string_view(name) == "a.Relu"; // a sign less
        EXPECT_EQ(placements.ops.size(), isSimilar ? 0U : 1U) << name;
        EXPECT_EQ(placements.unmatched.size(), isSimilar ? 1U : 0U) << name;
    }
}

TEST(PlaceRowsTest, AKernelOfSeveralOpsHasItsTimeAtTheLast)
{
    const auto graph = chain();
    OpPlacements placements;
    placeRows(*graph, std::vector{row("k", {"/a/Relu", "/a/Conv"})}, placements);
    const OpPlacement &first = placements.ops.at(NodeId{0});
    const OpPlacement &last = placements.ops.at(NodeId{1});
    EXPECT_EQ(first.ranOn, "npu");
    EXPECT_FALSE(first.microseconds);
    EXPECT_EQ(last.microseconds, 8.0);
    EXPECT_EQ(last.kernel, "k");
}

TEST(PlaceRowsTest, ALaterReportAddsAndReplacesAndKnowsTheKernelsOfAnEarlierOne)
{
    const auto graph = chain();
    OpPlacements placements;
    PlacementRow layer = row("k", {"c_out"});
    layer.placement.microseconds.reset();
    layer.placement.reason = "tactic";
    placeRows(*graph, std::vector{layer}, placements);
    PlacementRow time = row("k");
    time.placement.ranOn.clear();
    time.placement.microseconds = 5.0;
    placeRows(*graph, std::vector{time}, placements);
    const OpPlacement &op = placements.ops.at(NodeId{2});
    EXPECT_EQ(op.ranOn, "npu");
    EXPECT_EQ(op.reason, "tactic");
    EXPECT_EQ(op.microseconds, 5.0);
}

TEST(PlaceRowsTest, RowsThatNameNoOpAreListed)
{
    OpPlacements placements;
    placeRows(*chain(), std::vector{row("Reformatting CopyNode"), row("b_out")}, placements);
    EXPECT_THAT(placements.unmatched, ElementsAre("Reformatting CopyNode"));
}

} // namespace
} // namespace syncpoint::test
