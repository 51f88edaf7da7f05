#include "core/layout/ranking.h"

#include "core/layout/adjacency.h"
#include "core/layout/network_simplex.h"

#include <algorithm>
#include <limits>

namespace syncpoint {
namespace {

using Pin = LayoutNode::Pin;

/// Edges that shortening may look at: about one exchange per node, each over all edges.
constexpr std::uint64_t kShorteningWork = 4'000'000;

/// An order in which most edges lead forward. Where a cycle leaves no free node, the lowest index
/// goes first: nodes come in execution order.
std::vector<std::uint32_t> forwardOrder(const LayoutGraph &graph, const Adjacency &out)
{
    const auto count = static_cast<std::uint32_t>(graph.nodes.size());
    std::vector<std::uint32_t> waitingFor(count, 0);
    for (const LayoutEdge &edge : graph.edges) {
        if (edge.source != edge.target) {
            ++waitingFor[edge.target];
        }
    }
    std::vector<std::uint32_t> order;
    order.reserve(count);
    std::vector<std::uint8_t> placed(count, 0);
    const auto place = [&](std::uint32_t node) {
        placed[node] = 1;
        order.push_back(node);
    };
    for (std::uint32_t node = 0; node < count; ++node) {
        if (waitingFor[node] == 0) {
            place(node);
        }
    }
    std::uint32_t lowest = 0;
    for (std::size_t next = 0; order.size() < count || next < order.size();) {
        if (next == order.size()) {
            while (placed[lowest] != 0) {
                ++lowest;
            }
            place(lowest);
        }
        const std::uint32_t node = order[next++];
        for (const std::uint32_t edge : out.of(node)) {
            const std::uint32_t target = graph.edges[edge].target;
            if (target != node && placed[target] == 0 && --waitingFor[target] == 0) {
                place(target);
            }
        }
    }
    return order;
}

/// The edges that ranks must follow: none to itself, into the first or out of the last row; those
/// that would close a cycle are marked and turned round.
std::vector<LayoutEdge> forwardEdges(const LayoutGraph &graph,
                                     const std::vector<std::uint32_t> &order, Ranking &ranking)
{
    std::vector<std::uint32_t> place(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        place[order[i]] = i;
    }
    std::vector<LayoutEdge> forward;
    forward.reserve(graph.edges.size());
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        LayoutEdge edge = graph.edges[e];
        if (edge.source == edge.target) {
            continue;
        }
        if (place[edge.source] > place[edge.target]) {
            ranking.reversed[e] = 1;
            std::swap(edge.source, edge.target);
        }
        if (graph.nodes[edge.source].pin != Pin::Last &&
            graph.nodes[edge.target].pin != Pin::First) {
            forward.push_back(edge);
        }
    }
    return forward;
}

bool hasPin(const LayoutGraph &graph, Pin pin)
{
    return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                       [pin](const LayoutNode &node) { return node.pin == pin; });
}

void rankByLongestPath(const LayoutGraph &graph, const std::vector<std::uint32_t> &order,
                       const std::vector<LayoutEdge> &forward, const Adjacency &in,
                       Ranking &ranking)
{
    const std::uint32_t lowest = hasPin(graph, Pin::First) ? 1 : 0;
    const bool hasLast = hasPin(graph, Pin::Last);
    std::uint32_t last = 0;
    for (const std::uint32_t node : order) {
        std::uint32_t rank = graph.nodes[node].pin == Pin::First ? 0 : lowest;
        for (const std::uint32_t edge : in.of(node)) {
            rank = std::max(rank, ranking.rank[forward[edge].source] + 1);
        }
        ranking.rank[node] = rank;
        const bool sharesLast = graph.nodes[node].pin == Pin::Last || !hasLast;
        last = std::max(last, sharesLast ? rank : rank + 1);
    }
    // Pinned last nodes have no successors, so one row for all of them keeps every edge forward.
    for (std::uint32_t node = 0; node < order.size(); ++node) {
        if (graph.nodes[node].pin == Pin::Last) {
            ranking.rank[node] = last;
        }
    }
    ranking.rankCount = order.empty() ? 0 : last + 1;
}

/// Moves nodes with more outgoing than incoming edges down to their consumers, and the other way
/// round: inputs end up beside the op that uses them. Never past a neighbour.
void slide(const LayoutGraph &graph, const std::vector<std::uint32_t> &order,
           const Adjacency &forwardOut, const Adjacency &forwardIn,
           const std::vector<LayoutEdge> &forward, Ranking &ranking)
{
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
        const std::uint32_t node = *it;
        const auto outgoing = forwardOut.of(node);
        if (outgoing.size() <= forwardIn.of(node).size() || graph.nodes[node].pin != Pin::None) {
            continue;
        }
        std::uint32_t nearest = ranking.rankCount;
        for (const std::uint32_t edge : outgoing) {
            nearest = std::min(nearest, ranking.rank[forward[edge].target]);
        }
        ranking.rank[node] = nearest - 1;
    }
}

/// Gives graphs that are small enough ranks with the shortest edges in sum: fewer edges pass a rank
/// and fewer cross. Pinned nodes stand together, as one node above and one below all others.
void shorten(const LayoutGraph &graph, const std::vector<LayoutEdge> &forward, Ranking &ranking)
{
    const auto count = static_cast<std::uint32_t>(graph.nodes.size());
    if (count * forward.size() > kShorteningWork) {
        return;
    }
    const std::uint32_t first = count;
    const std::uint32_t last = count + 1;
    const bool hasFirst = hasPin(graph, Pin::First);
    const bool hasLast = hasPin(graph, Pin::Last);
    std::vector<std::int64_t> rank(ranking.rank.begin(), ranking.rank.end());
    rank.push_back(hasFirst ? 0 : -1);
    rank.push_back(hasLast ? ranking.rankCount - 1 : ranking.rankCount);
    std::vector<std::uint32_t> standIn(count);
    std::vector<RankEdge> edges;
    for (std::uint32_t node = 0; node < count; ++node) {
        const Pin pin = graph.nodes[node].pin;
        standIn[node] = pin == Pin::First ? first : pin == Pin::Last ? last : node;
        if (pin == Pin::None && hasFirst) {
            edges.push_back({first, node, 0});
        }
        if (pin == Pin::None && hasLast) {
            edges.push_back({node, last, 0});
        }
    }
    for (const LayoutEdge &edge : forward) {
        edges.push_back({standIn[edge.source], standIn[edge.target], 1});
    }
    shortenEdges(rank, edges, kShorteningWork);
    std::int64_t top = std::numeric_limits<std::int64_t>::max();
    for (const std::uint32_t node : standIn) {
        top = std::min(top, rank[node]);
    }
    ranking.rankCount = 0;
    for (std::uint32_t node = 0; node < count; ++node) {
        ranking.rank[node] = static_cast<std::uint32_t>(rank[standIn[node]] - top);
        ranking.rankCount = std::max(ranking.rankCount, ranking.rank[node] + 1);
    }
}

} // namespace

Ranking rankNodes(const LayoutGraph &graph)
{
    const auto count = static_cast<std::uint32_t>(graph.nodes.size());
    Ranking ranking;
    ranking.rank.assign(count, 0);
    ranking.reversed.assign(graph.edges.size(), 0);
    const auto order = forwardOrder(graph, Adjacency::outgoing(count, graph.edges));
    const auto forward = forwardEdges(graph, order, ranking);
    const Adjacency in = Adjacency::incoming(count, forward);
    rankByLongestPath(graph, order, forward, in, ranking);
    slide(graph, order, Adjacency::outgoing(count, forward), in, forward, ranking);
    shorten(graph, forward, ranking);
    return ranking;
}

} // namespace syncpoint
