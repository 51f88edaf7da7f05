#include "core/layout/ranking.h"

#include "core/layout/adjacency.h"

#include <algorithm>

namespace syncpoint {
namespace {

using Pin = LayoutNode::Pin;

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

} // namespace

Ranking rankNodes(const LayoutGraph &graph)
{
    const auto count = static_cast<std::uint32_t>(graph.nodes.size());
    Ranking ranking;
    ranking.rank.assign(count, 0);
    ranking.reversed.assign(graph.edges.size(), 0);
    const auto order = forwardOrder(graph, Adjacency::outgoing(count, graph.edges));
    std::vector<std::uint32_t> place(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        place[order[i]] = i;
    }
    std::vector<LayoutEdge> forward;
    forward.reserve(graph.edges.size());
    bool hasFirst = false;
    bool hasLast = false;
    for (const LayoutNode &node : graph.nodes) {
        hasFirst = hasFirst || node.pin == Pin::First;
        hasLast = hasLast || node.pin == Pin::Last;
    }
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
    const Adjacency out = Adjacency::outgoing(count, forward);
    const Adjacency in = Adjacency::incoming(count, forward);
    const std::uint32_t lowest = hasFirst ? 1 : 0;
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
    for (std::uint32_t node = 0; node < count; ++node) {
        if (graph.nodes[node].pin == Pin::Last) {
            ranking.rank[node] = last;
        }
    }
    ranking.rankCount = count == 0 ? 0 : last + 1;
    slide(graph, order, out, in, forward, ranking);
    return ranking;
}

} // namespace syncpoint
