#include "core/layout/proper_graph.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace syncpoint {
namespace {

constexpr std::uint64_t kDummiesPerElement = 8;

/// An edge as it is drawn: downwards.
struct DownEdge
{
    std::uint32_t edge = 0;
    std::uint32_t top = 0, bottom = 0;
    std::uint32_t net = 0;
    std::uint32_t span = 0;
    double topPort = 0.0, bottomPort = 0.0;
};

double portOrCentre(double port)
{
    return std::isfinite(port) ? port : 0.0;
}

DownEdge downwards(const LayoutEdge &edge, std::uint32_t index, bool reversed,
                   const Ranking &ranking)
{
    DownEdge down{index,
                  edge.source,
                  edge.target,
                  edge.net,
                  0,
                  portOrCentre(edge.sourcePort),
                  portOrCentre(edge.targetPort)};
    if (reversed) {
        std::swap(down.top, down.bottom);
        std::swap(down.topPort, down.bottomPort);
        down.net = ~index; // its value comes from below: nothing to share
    }
    if (ranking.rank[down.bottom] > ranking.rank[down.top]) {
        down.span = ranking.rank[down.bottom] - ranking.rank[down.top];
    }
    return down;
}

/// The largest span that keeps the number of dummies linear in the size of the graph.
std::uint32_t affordableSpan(const std::vector<DownEdge> &edges, std::size_t nodes,
                             std::uint32_t maxSpan)
{
    std::vector<std::uint64_t> dummiesBySpan(std::size_t{maxSpan} + 1, 0);
    for (const DownEdge &edge : edges) {
        if (edge.span <= maxSpan) {
            dummiesBySpan[edge.span] += edge.span - 1;
        }
    }
    const std::uint64_t budget = 4096 + kDummiesPerElement * (nodes + edges.size());
    std::uint64_t total = 0;
    for (std::uint32_t span = 1; span <= maxSpan; ++span) {
        total += dummiesBySpan[span];
        if (total > budget) {
            return span - 1;
        }
    }
    return maxSpan;
}

/// Lays the edges over ranks; edges of one net walk down one chain of dummies.
class ChainBuilder
{
public:
    ChainBuilder(ProperGraph &proper, std::size_t edgeCount)
        : m_proper(proper), m_arcsOfEdge(edgeCount)
    {
    }

    void add(const DownEdge &edge)
    {
        const bool sameNet =
            m_hasChain && m_top == edge.top && m_net == edge.net && m_topPort == edge.topPort;
        if (!sameNet) {
            m_hasChain = true;
            m_top = edge.top;
            m_net = edge.net;
            m_topPort = edge.topPort;
            m_chain.clear();
        }
        while (m_chain.size() + 1 < edge.span) {
            const std::uint32_t above = tail();
            const double port = m_chain.empty() ? edge.topPort : 0.0;
            const auto dummy = m_proper.vertexCount();
            m_proper.rank.push_back(m_proper.rank[above] + 1);
            m_proper.width.push_back(0.0);
            m_chain.push_back(static_cast<std::uint32_t>(m_proper.arcs.size()));
            m_proper.arcs.push_back({above, dummy, port, 0.0});
        }
        const std::uint32_t above = tail();
        const double port = m_chain.empty() ? edge.topPort : 0.0;
        m_arcsOfEdge[edge.edge] = {static_cast<std::uint32_t>(m_chains.size()), edge.span};
        m_chains.insert(m_chains.end(), m_chain.begin(), m_chain.end());
        m_chains.push_back(static_cast<std::uint32_t>(m_proper.arcs.size()));
        m_proper.arcs.push_back({above, edge.bottom, port, edge.bottomPort});
    }

    void finish()
    {
        m_proper.edgeArcStart.push_back(0);
        m_proper.edgeArcs.reserve(m_chains.size());
        for (const auto &[start, count] : m_arcsOfEdge) {
            const auto first = m_chains.begin() + start;
            m_proper.edgeArcs.insert(m_proper.edgeArcs.end(), first, first + count);
            m_proper.edgeArcStart.push_back(static_cast<std::uint32_t>(m_proper.edgeArcs.size()));
        }
    }

private:
    struct Piece
    {
        std::uint32_t start = 0, count = 0;
    };
    std::uint32_t tail() const
    {
        return m_chain.empty() ? m_top : m_proper.arcs[m_chain.back()].target;
    }

    ProperGraph &m_proper;
    std::vector<Piece> m_arcsOfEdge;
    std::vector<std::uint32_t> m_chains;
    std::vector<std::uint32_t> m_chain; ///< arcs from the top to the last dummy
    std::uint32_t m_top = 0, m_net = 0;
    double m_topPort = 0.0;
    bool m_hasChain = false;
};

/// Depth first over both directions, so that what belongs together stands together.
std::vector<std::uint32_t> walk(const ProperGraph &proper)
{
    std::vector<std::uint32_t> found, stack;
    std::vector<std::uint8_t> seen(proper.vertexCount(), 0);
    found.reserve(proper.vertexCount());
    for (std::uint32_t start = 0; start < proper.vertexCount(); ++start) {
        stack.push_back(start);
        while (!stack.empty()) {
            const std::uint32_t vertex = stack.back();
            stack.pop_back();
            if (seen[vertex] != 0) {
                continue;
            }
            seen[vertex] = 1;
            found.push_back(vertex);
            const auto up = proper.up.of(vertex);
            for (auto it = up.rbegin(); it != up.rend(); ++it) {
                stack.push_back(proper.arcs[*it].source);
            }
            const auto down = proper.down.of(vertex);
            for (auto it = down.rbegin(); it != down.rend(); ++it) {
                stack.push_back(proper.arcs[*it].target);
            }
        }
    }
    return found;
}

void orderRows(ProperGraph &proper, std::uint32_t rankCount)
{
    proper.rankStart.assign(std::size_t{rankCount} + 1, 0);
    for (const std::uint32_t rank : proper.rank) {
        ++proper.rankStart[rank + 1];
    }
    std::partial_sum(proper.rankStart.begin(), proper.rankStart.end(), proper.rankStart.begin());
    proper.order.resize(proper.vertexCount());
    proper.position.resize(proper.vertexCount());
    std::vector<std::uint32_t> filled(rankCount, 0);
    for (const std::uint32_t vertex : walk(proper)) {
        const std::uint32_t rank = proper.rank[vertex];
        proper.position[vertex] = filled[rank];
        proper.order[proper.rankStart[rank] + filled[rank]++] = vertex;
    }
}

} // namespace

ProperGraph makeProper(const LayoutGraph &graph, const Ranking &ranking,
                       const LayoutOptions &options)
{
    ProperGraph proper;
    proper.realCount = static_cast<std::uint32_t>(graph.nodes.size());
    proper.rank = ranking.rank;
    proper.width.reserve(graph.nodes.size());
    for (const LayoutNode &node : graph.nodes) {
        proper.width.push_back(node.width);
    }
    std::vector<DownEdge> edges;
    edges.reserve(graph.edges.size());
    for (std::uint32_t e = 0; e < graph.edges.size(); ++e) {
        const DownEdge edge = downwards(graph.edges[e], e, ranking.reversed[e] != 0, ranking);
        if (edge.span > 0) { // no self loops, no edges into a group's first rank
            edges.push_back(edge);
        }
    }
    const std::uint32_t limit = affordableSpan(edges, graph.nodes.size(), options.maxSpan);
    std::erase_if(edges, [limit](const DownEdge &edge) { return edge.span > limit; });
    std::stable_sort(edges.begin(), edges.end(), [](const DownEdge &a, const DownEdge &b) {
        return std::tie(a.top, a.net, a.topPort, a.span) <
               std::tie(b.top, b.net, b.topPort, b.span);
    });
    ChainBuilder chains(proper, graph.edges.size());
    for (const DownEdge &edge : edges) {
        chains.add(edge);
    }
    chains.finish();
    proper.down = Adjacency::outgoing(proper.vertexCount(), proper.arcs);
    proper.up = Adjacency::incoming(proper.vertexCount(), proper.arcs);
    orderRows(proper, ranking.rankCount);
    return proper;
}

} // namespace syncpoint
