#include "core/layout/module_layout.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace syncpoint {
namespace {

using Item = CompoundGraph::Item;
using Box = CompoundLayout::Box;

bool contains(const Box &outer, const Box &inner)
{
    return inner.x >= outer.x && inner.y >= outer.y &&
           inner.x + inner.width <= outer.x + outer.width &&
           inner.y + inner.height <= outer.y + outer.height;
}

bool overlap(const Box &a, const Box &b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

/// in → [block 1: a → b, skip from in to b] → [block 2: the same] → out
CompoundGraph twoBlocks()
{
    CompoundGraph graph;
    const auto add = [&graph](std::uint32_t parent, bool isGroup) {
        graph.items.push_back({parent, isGroup, isGroup ? 0.0 : 100.0, isGroup ? 0.0 : 40.0});
        return static_cast<std::uint32_t>(graph.items.size() - 1);
    };
    add(0, true);
    std::uint32_t previous = add(0, false);
    for (std::uint32_t block = 0; block < 2; ++block) {
        const auto group = add(0, true);
        const auto a = add(group, false);
        const auto b = add(group, false);
        graph.edges.push_back({previous, a, previous});
        graph.edges.push_back({previous, b, previous});
        graph.edges.push_back({a, b, a});
        previous = b;
    }
    const auto out = add(0, false);
    graph.edges.push_back({previous, out, previous});
    return graph;
}

CompoundLayout layOut(const CompoundGraph &graph, LayoutCache &cache)
{
    auto layout = layoutModules(graph, {}, cache, JobContext{});
    EXPECT_TRUE(layout);
    return layout.value();
}

TEST(ModuleLayoutTest, GroupsContainTheirChildrenAndNothingElse)
{
    const CompoundGraph graph = twoBlocks();
    LayoutCache cache;
    const CompoundLayout layout = layOut(graph, cache);

    for (std::size_t a = 1; a < graph.items.size(); ++a) {
        EXPECT_TRUE(contains(layout.items[graph.items[a].parent], layout.items[a]));
        for (std::size_t b = a + 1; b < graph.items.size(); ++b) {
            if (graph.items[a].parent == graph.items[b].parent) {
                EXPECT_FALSE(overlap(layout.items[a], layout.items[b])) << a << " and " << b;
            }
        }
    }
}

TEST(ModuleLayoutTest, EdgesPassBordersInOnePiece)
{
    const CompoundGraph graph = twoBlocks();
    LayoutCache cache;
    const CompoundLayout layout = layOut(graph, cache);

    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        ASSERT_GE(layout.edgeStart[e + 1] - layout.edgeStart[e], 2U);
        const LayoutPoint &start = layout.points[layout.edgeStart[e]];
        const LayoutPoint &end = layout.points[layout.edgeStart[e + 1] - 1];
        const Box &source = layout.items[graph.edges[e].source];
        const Box &target = layout.items[graph.edges[e].target];
        EXPECT_EQ(start.y, source.y + source.height);
        EXPECT_EQ(end.y, target.y);
        for (auto p = layout.edgeStart[e]; p + 1 < layout.edgeStart[e + 1]; ++p) {
            const LayoutPoint &a = layout.points[p];
            const LayoutPoint &b = layout.points[p + 1];
            EXPECT_LE(a.y, b.y);
        }
    }
}

TEST(ModuleLayoutTest, RepeatedBlocksAreLaidOutOnce)
{
    const CompoundGraph graph = twoBlocks();
    LayoutCache cache;
    const CompoundLayout layout = layOut(graph, cache);

    // Items 2–4 and 5–7 are the blocks.
    EXPECT_EQ(layout.items[3].x - layout.items[2].x, layout.items[6].x - layout.items[5].x);
    EXPECT_EQ(layout.items[4].y - layout.items[2].y, layout.items[7].y - layout.items[5].y);
    EXPECT_EQ(layout.items[2].width, layout.items[5].width);
}

TEST(ModuleLayoutTest, SecondRunFindsEverythingInTheCache)
{
    const CompoundGraph graph = twoBlocks();
    LayoutCache cache;
    const CompoundLayout first = layOut(graph, cache);
    const CancelToken token;
    token.cancel(); // a layout that has to be computed would fail now
    const auto second = layoutModules(graph, {}, cache, JobContext{token});

    ASSERT_TRUE(second);
    EXPECT_EQ(first.points, second->points);
}

TEST(ModuleLayoutTest, EdgeToAGroupEndsAtItsBorder)
{
    CompoundGraph graph;
    graph.items = {{0, true, 0, 0}, {0, false, 80, 30}, {0, true, 0, 0}, {2, false, 80, 30}};
    graph.edges = {{1, 2, 0}};
    LayoutCache cache;
    const CompoundLayout layout = layOut(graph, cache);

    EXPECT_EQ(layout.points.back().y, layout.items[2].y);
    EXPECT_LT(layout.items[1].y, layout.items[2].y);
}

TEST(ModuleLayoutTest, EdgeIntoOwnContentIsIgnored)
{
    CompoundGraph graph;
    graph.items = {{0, true, 0, 0}, {0, true, 0, 0}, {1, false, 80, 30}};
    graph.edges = {{1, 2, 0}, {2, 1, 0}, {2, 2, 0}};
    LayoutCache cache;

    EXPECT_TRUE(layOut(graph, cache).points.empty());
}

TEST(ModuleLayoutTest, DeepNestingNeedsNoRecursion)
{
    CompoundGraph graph;
    for (std::uint32_t i = 0; i < 5000; ++i) {
        graph.items.push_back({i == 0 ? 0 : i - 1, true, 0, 0});
    }
    graph.items.push_back({4999, false, 80, 30});
    LayoutCache cache;
    const CompoundLayout layout = layOut(graph, cache);

    EXPECT_TRUE(contains(layout.items[1], layout.items.back()));
}

TEST(ModuleLayoutTest, CancelledJobGivesNoDrawing)
{
    const CancelToken token;
    token.cancel();
    LayoutCache cache;
    const auto layout = layoutModules(twoBlocks(), {}, cache, JobContext{token});

    ASSERT_FALSE(layout);
    EXPECT_EQ(layout.error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace syncpoint
