#include "core/graph/graph_builder.h"
#include "core/run/op_links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {
using ::testing::ElementsAre;

/// "op name: name of an op it stands for, …" of the op called `name`.
std::vector<std::string> linksOf(const Graph &rewritten, const Graph &original,
                                 const std::string &name)
{
    const auto links = linkToOriginal(rewritten, original);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < links.size(); ++i) {
        for (const NodeId link : links[i]) {
            if (rewritten.nodes()[i].name == name) {
                names.push_back(original.node(link).name);
            }
        }
    }
    return names;
}

/// x → conv1 → c1 → relu1 → r1 → conv2 → c2 → relu2 → y
std::shared_ptr<const Graph> twoConvolutions()
{
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.value(builder.mainScope(), "x"));
    builder.addNode("conv1", "Conv", {"x"}, {"c1"});
    builder.addNode("relu1", "Relu", {"c1"}, {"r1"});
    builder.addNode("conv2", "Conv", {"r1"}, {"c2"});
    builder.addNode("relu2", "Relu", {"c2"}, {"y"});
    builder.addOutput(builder.mainScope(), builder.value(builder.mainScope(), "y"));
    return builder.build().value();
}

TEST(OpLinksTest, AFusedOpStandsForWhatLiesBetweenItsValues)
{
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.value(builder.mainScope(), "x"));
    builder.addNode("fused a", "FusedConv", {"x"}, {"r1"});
    builder.addNode("conv2", "Conv", {"r1"}, {"c2"});
    builder.addNode("relu2", "Relu", {"c2"}, {"y"});
    const auto rewritten = builder.build().value();
    const auto original = twoConvolutions();

    EXPECT_THAT(linksOf(*rewritten, *original, "fused a"), ElementsAre("conv1", "relu1"));
    EXPECT_THAT(linksOf(*rewritten, *original, "conv2"), ElementsAre("conv2"));
    EXPECT_THAT(linksOf(*rewritten, *original, "relu2"), ElementsAre("relu2"));
}

TEST(OpLinksTest, OpsBetweenRenamedValuesShareTheRegionByTheirNames)
{
    const auto original = twoConvolutions();
    for (const bool namedAfterResults : {true, false}) {
        const std::string first = namedAfterResults ? "r1_nchwc" : "conv1_token_7";
        const std::string second = namedAfterResults ? "y_nchwc" : "conv2_token_8";
        GraphBuilder builder;
        builder.addInput(builder.mainScope(), builder.value(builder.mainScope(), "x"));
        builder.addNode("in", "ReorderInput", {"x"}, {"t1"});
        builder.addNode(first, "Conv", {"t1"}, {"t2"});
        builder.addNode(second, "Conv", {"t2"}, {"t3"});
        builder.addNode("out", "ReorderOutput", {"t3"}, {"y"});
        const auto rewritten = builder.build().value();

        EXPECT_THAT(linksOf(*rewritten, *original, first),
                    ::testing::UnorderedElementsAre("conv1", "relu1"));
        EXPECT_THAT(linksOf(*rewritten, *original, second),
                    ::testing::UnorderedElementsAre("conv2", "relu2"));
        EXPECT_THAT(linksOf(*rewritten, *original, "in"),
                    ::testing::UnorderedElementsAre("conv1", "relu1"));
        EXPECT_THAT(linksOf(*rewritten, *original, "out"),
                    ::testing::UnorderedElementsAre("conv2", "relu2"));
    }
}

TEST(OpLinksTest, WithoutAnyNameTheGroupStandsForTheWholeRegion)
{
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.value(builder.mainScope(), "x"));
    builder.addNode("", "A", {"x"}, {"t1"});
    builder.addNode("z", "B", {"t1"}, {"y"});
    const auto rewritten = builder.build().value();
    EXPECT_THAT(linksOf(*rewritten, *twoConvolutions(), "z"),
                ElementsAre("conv1", "relu1", "conv2", "relu2"));
}
} // namespace
} // namespace syncpoint
