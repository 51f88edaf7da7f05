#include "core/layout/layered_layout.h"

#include "core/layout/crossing_reduction.h"
#include "core/layout/network_simplex.h"
#include "core/layout/proper_graph.h"
#include "core/layout/ranking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>

namespace syncpoint {
namespace {

LayoutGraph boxes(std::size_t count)
{
    LayoutGraph graph;
    graph.nodes.assign(count, {120.0, 40.0, LayoutNode::Pin::None});
    return graph;
}

void connect(LayoutGraph &graph, std::uint32_t source, std::uint32_t target)
{
    graph.edges.push_back({source, target, 0, LayoutEdge::kAuto, LayoutEdge::kAuto});
}

LayoutGraph randomDag(std::uint32_t seed, std::uint32_t count)
{
    std::minstd_rand engine(seed + 1);
    const auto random = [&engine] { return static_cast<std::uint32_t>(engine()); };
    LayoutGraph graph;
    for (std::uint32_t i = 0; i < count; ++i) {
        graph.nodes.push_back(
            {double(40 + random() % 200), double(20 + random() % 90), LayoutNode::Pin::None});
        for (std::uint32_t k = random() % 4; i > 0 && k > 0; --k) {
            const std::uint32_t near = i - 1 - random() % std::min(i, 12U);
            connect(graph, random() % 8 == 0 ? random() % i : near, i);
        }
    }
    return graph;
}

Layout layOut(const LayoutGraph &graph)
{
    auto layout = layoutLayered(graph, {}, JobContext{});
    EXPECT_TRUE(layout);
    return layout.value();
}

std::size_t overlaps(const LayoutGraph &graph, const Layout &layout)
{
    std::size_t count = 0;
    for (std::size_t a = 0; a < graph.nodes.size(); ++a) {
        for (std::size_t b = a + 1; b < graph.nodes.size(); ++b) {
            const LayoutPoint &p = layout.nodes[a];
            const LayoutPoint &q = layout.nodes[b];
            const bool apart =
                p.x + graph.nodes[a].width <= q.x || q.x + graph.nodes[b].width <= p.x ||
                p.y + graph.nodes[a].height <= q.y || q.y + graph.nodes[b].height <= p.y;
            count += apart ? 0U : 1U;
        }
    }
    return count;
}

/// Pieces of edges that run through the inside of a box they do not belong to.
std::size_t edgesThroughBoxes(const LayoutGraph &graph, const Layout &layout)
{
    std::size_t count = 0;
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        for (std::uint32_t p = layout.edgeStart[e]; p + 1 < layout.edgeStart[e + 1]; ++p) {
            const LayoutPoint a = layout.points[p];
            const LayoutPoint b = layout.points[p + 1];
            for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
                const LayoutPoint &box = layout.nodes[n];
                const double top = std::max(std::min(a.y, b.y), box.y + 0.5);
                const double bottom =
                    std::min(std::max(a.y, b.y), box.y + graph.nodes[n].height - 0.5);
                if (top >= bottom) {
                    continue;
                }
                const auto xAt = [&](double y) {
                    return a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
                };
                const double low = std::min(xAt(top), xAt(bottom));
                const double high = std::max(xAt(top), xAt(bottom));
                count += high > box.x + 0.5 && low < box.x + graph.nodes[n].width - 0.5 ? 1U : 0U;
            }
        }
    }
    return count;
}

TEST(LayeredLayoutTest, EmptyGraphGivesAnEmptyDrawing)
{
    const Layout layout = layOut({});

    EXPECT_TRUE(layout.nodes.empty());
    EXPECT_EQ(layout.edgeStart, std::vector<std::uint32_t>{0});
    EXPECT_EQ(layout.width, 0.0);
    EXPECT_EQ(layout.height, 0.0);
}

TEST(LayeredLayoutTest, OneBoxStandsAtTheOrigin)
{
    const Layout layout = layOut(boxes(1));

    ASSERT_EQ(layout.nodes.size(), 1U);
    EXPECT_EQ(layout.nodes[0], (LayoutPoint{0.0, 0.0}));
    EXPECT_EQ(layout.width, 120.0);
    EXPECT_EQ(layout.height, 40.0);
}

TEST(LayeredLayoutTest, BoxesOfRandomGraphsNeverOverlap)
{
    for (std::uint32_t seed = 0; seed < 60; seed += 2) {
        const LayoutGraph graph = randomDag(seed, 10 + seed * 3);
        const Layout layout = layOut(graph);
        EXPECT_EQ(overlaps(graph, layout), 0U) << "seed " << seed;
    }
}

TEST(LayeredLayoutTest, EdgesNeverRunThroughBoxes)
{
    for (std::uint32_t seed = 0; seed < 30; ++seed) {
        const LayoutGraph graph = randomDag(seed, 10 + seed * 3);
        EXPECT_EQ(edgesThroughBoxes(graph, layOut(graph)), 0U) << "seed " << seed;
    }
}

TEST(LayeredLayoutTest, EdgesRunDownFromSourceToTarget)
{
    const LayoutGraph graph = randomDag(7, 200);
    const Layout layout = layOut(graph);

    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        const auto first = layout.edgeStart[e];
        const auto last = layout.edgeStart[e + 1];
        if (first == last) {
            continue;
        }
        const LayoutEdge &edge = graph.edges[e];
        EXPECT_EQ(layout.points[first].y,
                  layout.nodes[edge.source].y + graph.nodes[edge.source].height);
        EXPECT_EQ(layout.points[last - 1].y, layout.nodes[edge.target].y);
        for (auto p = first; p + 1 < last; ++p) {
            EXPECT_LE(layout.points[p].y, layout.points[p + 1].y);
        }
    }
}

TEST(LayeredLayoutTest, SameGraphGivesTheSameDrawing)
{
    const LayoutGraph graph = randomDag(3, 300);
    const Layout first = layOut(graph);
    const Layout second = layOut(graph);

    EXPECT_EQ(first.nodes, second.nodes);
    EXPECT_EQ(first.points, second.points);
}

TEST(LayeredLayoutTest, ChainIsAStraightLine)
{
    LayoutGraph graph = boxes(5);
    for (std::uint32_t i = 0; i + 1 < 5; ++i) {
        connect(graph, i, i + 1);
    }
    const Layout layout = layOut(graph);

    for (std::uint32_t i = 0; i + 1 < 5; ++i) {
        EXPECT_EQ(layout.nodes[i].x, layout.nodes[i + 1].x);
        EXPECT_LT(layout.nodes[i].y, layout.nodes[i + 1].y);
        EXPECT_EQ(layout.edgeStart[i + 1] - layout.edgeStart[i], 2U);
    }
}

TEST(LayeredLayoutTest, UnconnectedBoxesArePackedIntoAPage)
{
    const LayoutGraph graph = boxes(1000);
    const Layout layout = layOut(graph);

    EXPECT_EQ(overlaps(graph, layout), 0U);
    EXPECT_LT(layout.width, 20.0 * layout.height);
    EXPECT_LT(layout.height, 20.0 * layout.width);
}

TEST(LayeredLayoutTest, CycleIsBrokenAndItsEdgeDrawnUpwards)
{
    LayoutGraph graph = boxes(3);
    connect(graph, 0, 1);
    connect(graph, 1, 2);
    connect(graph, 2, 0);
    connect(graph, 1, 1);
    const Layout layout = layOut(graph);

    EXPECT_EQ(overlaps(graph, layout), 0U);
    ASSERT_GE(layout.edgeStart[3] - layout.edgeStart[2], 2U);
    EXPECT_GT(layout.points[layout.edgeStart[2]].y, layout.points[layout.edgeStart[3] - 1].y);
    EXPECT_EQ(layout.edgeStart[4], layout.edgeStart[3]) << "a self loop is not drawn";
}

TEST(LayeredLayoutTest, EdgeOverTooManyRanksIsNotRouted)
{
    LayoutGraph graph = boxes(60);
    for (std::uint32_t i = 0; i + 1 < 60; ++i) {
        connect(graph, i, i + 1);
    }
    connect(graph, 0, 59);
    connect(graph, 0, 10);
    const Layout layout = layOut(graph);

    EXPECT_EQ(layout.edgeStart[60], layout.edgeStart[59]) << "59 ranks";
    EXPECT_GT(layout.edgeStart[61], layout.edgeStart[60]) << "10 ranks";
}

TEST(LayeredLayoutTest, ChainOfAHundredThousandIsLaidOut)
{
    constexpr std::uint32_t kCount = 100'000;
    LayoutGraph graph = boxes(kCount);
    for (std::uint32_t i = 0; i + 1 < kCount; ++i) {
        connect(graph, i, i + 1);
    }
    const Layout layout = layOut(graph);

    EXPECT_EQ(layout.rank.back(), kCount - 1);
    EXPECT_EQ(layout.nodes.front().x, layout.nodes.back().x);
}

TEST(LayeredLayoutTest, DenseGraphStaysWithinABoundedNumberOfPoints)
{
    LayoutGraph graph = boxes(400);
    for (std::uint32_t i = 0; i < 400; ++i) {
        for (std::uint32_t j = i + 1; j < 400; ++j) {
            connect(graph, i, j);
        }
    }
    const Layout layout = layOut(graph);

    EXPECT_EQ(overlaps(graph, layout), 0U);
    EXPECT_LT(layout.points.size(), 40 * graph.edges.size());
}

TEST(LayeredLayoutTest, CancelledJobGivesNoDrawing)
{
    const CancelToken token;
    token.cancel();
    const auto layout = layoutLayered(randomDag(1, 50), {}, JobContext{token});

    ASSERT_FALSE(layout);
    EXPECT_EQ(layout.error().code, ErrorCode::Cancelled);
}

TEST(RankingTest, EveryEdgeLeadsDown)
{
    const LayoutGraph graph = randomDag(11, 400);
    const Ranking ranking = rankNodes(graph);

    for (const LayoutEdge &edge : graph.edges) {
        EXPECT_LT(ranking.rank[edge.source], ranking.rank[edge.target]);
    }
}

TEST(RankingTest, LateInputStandsJustAboveItsConsumer)
{
    LayoutGraph graph = boxes(6); // 0→1→2→3→4 and an input 5→4
    for (std::uint32_t i = 0; i < 4; ++i) {
        connect(graph, i, i + 1);
    }
    connect(graph, 5, 4);

    EXPECT_EQ(rankNodes(graph).rank[5], 3U);
}

TEST(RankingTest, EdgesAreAsShortAsTheyCanBe)
{
    // 0→1→2→3→4 and 0→5→4: the branch of one op costs two passed ranks wherever it stands; its own
    // input 6→5 must then be one rank above it.
    LayoutGraph graph = boxes(7);
    for (std::uint32_t i = 0; i < 4; ++i) {
        connect(graph, i, i + 1);
    }
    connect(graph, 0, 5);
    connect(graph, 5, 4);
    connect(graph, 6, 5);
    const Ranking ranking = rankNodes(graph);

    std::uint32_t length = 0;
    for (const LayoutEdge &edge : graph.edges) {
        ASSERT_LT(ranking.rank[edge.source], ranking.rank[edge.target]);
        length += ranking.rank[edge.target] - ranking.rank[edge.source];
    }
    EXPECT_EQ(length, 9U);
}

TEST(RankingTest, PinnedNodesKeepTheFirstAndTheLastRow)
{
    LayoutGraph graph = randomDag(5, 60);
    for (const auto pin : {LayoutNode::Pin::First, LayoutNode::Pin::First, LayoutNode::Pin::Last}) {
        graph.nodes.push_back({0.0, 0.0, pin});
    }
    connect(graph, 60, 30);
    connect(graph, 61, 2);
    connect(graph, 40, 62);
    const Ranking ranking = rankNodes(graph);

    EXPECT_EQ(ranking.rank[60], 0U);
    EXPECT_EQ(ranking.rank[61], 0U);
    EXPECT_EQ(ranking.rank[62], ranking.rankCount - 1);
    for (std::uint32_t node = 0; node < 60; ++node) {
        EXPECT_GT(ranking.rank[node], 0U);
        EXPECT_LT(ranking.rank[node], ranking.rankCount - 1);
    }
}

TEST(NetworkSimplexTest, NeverMakesEdgesLongerHoweverLittleWorkIsAllowed)
{
    const LayoutGraph graph = randomDag(9, 80);
    std::vector<RankEdge> edges;
    for (const LayoutEdge &edge : graph.edges) {
        edges.push_back({edge.source, edge.target, 1});
    }
    const auto lengthOf = [&edges](const std::vector<std::int64_t> &rank) {
        std::int64_t length = 0;
        for (const RankEdge &edge : edges) {
            EXPECT_LT(rank[edge.source], rank[edge.target]);
            length += rank[edge.target] - rank[edge.source];
        }
        return length;
    };
    std::vector<std::int64_t> loose(80);
    std::iota(loose.begin(), loose.end(), 0);
    std::int64_t before = lengthOf(loose);
    for (const std::uint64_t steps : {0U, 1U, 20U, 100U, 10'000U}) {
        std::vector<std::int64_t> rank = loose;
        shortenEdges(rank, edges, steps * edges.size());
        EXPECT_LE(lengthOf(rank), before);
        before = lengthOf(rank);
    }
}

TEST(CrossingReductionTest, CountsArcsThatCrossBetweenPortsOfOneBox)
{
    LayoutGraph graph = boxes(3);
    connect(graph, 0, 1);
    connect(graph, 0, 2);
    graph.edges[0].sourcePort = 50.0;
    graph.edges[1].sourcePort = -50.0;
    ProperGraph proper = makeProper(graph, rankNodes(graph), {});
    const bool isTwisted = proper.position[1] < proper.position[2];
    EXPECT_EQ(countCrossings(proper), isTwisted ? 1U : 0U);

    reduceCrossings(proper, 8, JobContext{});
    EXPECT_EQ(countCrossings(proper), 0U);
}

TEST(CrossingReductionTest, UntanglesALadder)
{
    // Two rows of eight, connected in reverse: one order without crossings exists.
    LayoutGraph graph = boxes(17);
    for (std::uint32_t i = 0; i < 8; ++i) {
        connect(graph, 16, i);
        connect(graph, i, 15 - i);
    }
    ProperGraph proper = makeProper(graph, rankNodes(graph), {});
    reduceCrossings(proper, 8, JobContext{});

    EXPECT_EQ(countCrossings(proper), 0U);
}

TEST(CrossingReductionTest, CountsTheSameWithTreeAndPairs)
{
    // K(6,6) has C(6,2)² crossings; 36 arcs take the tree.
    LayoutGraph graph = boxes(12);
    for (std::uint32_t i = 0; i < 6; ++i) {
        for (std::uint32_t j = 6; j < 12; ++j) {
            connect(graph, i, j);
        }
    }

    EXPECT_EQ(countCrossings(makeProper(graph, rankNodes(graph), {})), 225U);
}

} // namespace
} // namespace syncpoint
