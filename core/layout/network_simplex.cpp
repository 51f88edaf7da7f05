#include "core/layout/network_simplex.h"

#include <algorithm>
#include <optional>

namespace syncpoint {
namespace {

constexpr std::uint32_t kNoEdge = 0xFFFFFFFF;

/// A spanning tree of tight edges (of length one): a corner of the linear program. All is
/// recomputed after an exchange, in linear time.
class TightTree
{
public:
    TightTree(std::vector<std::int64_t> &rank, const std::vector<RankEdge> &edges)
        : m_rank(rank), m_edges(edges), m_inTree(edges.size(), 0), m_isMarked(rank.size(), 0),
          m_parentEdge(rank.size(), kNoEdge), m_flow(rank.size(), 0), m_incident(rank.size())
    {
        for (std::uint32_t e = 0; e < edges.size(); ++e) {
            m_incident[edges[e].source].push_back(e);
            m_incident[edges[e].target].push_back(e);
        }
    }

    /// Moves the tight edges around the first edge towards the nearest other node; false when they
    /// span the graph (or reach all they can).
    bool joinNearest()
    {
        spread(m_edges.front().source, [this](std::uint32_t edge) { return slack(edge) == 0; });
        const std::uint32_t edge = shortestAcross(std::nullopt);
        if (edge == kNoEdge) {
            for (const std::uint32_t node : m_order) {
                if (m_parentEdge[node] != kNoEdge) {
                    m_inTree[m_parentEdge[node]] = 1;
                }
            }
            return false;
        }
        moveMarked(isMarked(m_edges[edge].source) ? slack(edge) : -slack(edge));
        return true;
    }

    /// Exchanges the tree edge whose sides gain most by moving apart for the first edge that stops
    /// them; false when none gains.
    bool exchange()
    {
        const auto isTreeEdge = [this](std::uint32_t edge) { return m_inTree[edge] != 0; };
        spread(m_edges.front().source, isTreeEdge);
        const std::uint32_t leaving = mostNegativeCut();
        if (leaving == kNoEdge) {
            return false;
        }
        const RankEdge &edge = m_edges[leaving];
        const bool childIsSource = m_parentEdge[edge.source] == leaving;
        m_inTree[leaving] = 0;
        spread(childIsSource ? edge.source : edge.target, isTreeEdge);
        const std::uint32_t entering = shortestAcross(!childIsSource);
        if (entering == kNoEdge) {
            return false;
        }
        moveMarked(childIsSource ? -slack(entering) : slack(entering));
        m_inTree[entering] = 1;
        return true;
    }

private:
    std::int64_t slack(std::uint32_t edge) const
    {
        return m_rank[m_edges[edge].target] - m_rank[m_edges[edge].source] - 1;
    }
    bool isMarked(std::uint32_t node) const { return m_isMarked[node] != 0; }

    /// Marks what `start` reaches over the edges that `passes` lets through, parents first in
    /// m_order.
    template <typename Passes>
    void spread(std::uint32_t start, Passes passes)
    {
        std::fill(m_isMarked.begin(), m_isMarked.end(), 0);
        m_isMarked[start] = 1;
        m_parentEdge[start] = kNoEdge;
        m_order.assign(1, start);
        for (std::size_t next = 0; next < m_order.size(); ++next) {
            const std::uint32_t node = m_order[next];
            for (const std::uint32_t edge : m_incident[node]) {
                const RankEdge &ends = m_edges[edge];
                const std::uint32_t other = ends.source == node ? ends.target : ends.source;
                if (!isMarked(other) && passes(edge)) {
                    m_isMarked[other] = 1;
                    m_parentEdge[other] = edge;
                    m_order.push_back(other);
                }
            }
        }
    }
    void moveMarked(std::int64_t ranks)
    {
        for (const std::uint32_t node : m_order) {
            m_rank[node] += ranks;
        }
    }
    /// The edge of least slack between marked and unmarked nodes whose source is on the given side.
    std::uint32_t shortestAcross(std::optional<bool> sourceIsMarked) const
    {
        std::uint32_t best = kNoEdge;
        for (std::uint32_t e = 0; e < m_edges.size(); ++e) {
            const bool source = isMarked(m_edges[e].source);
            if (source != isMarked(m_edges[e].target) &&
                source == sourceIsMarked.value_or(source) &&
                (best == kNoEdge || slack(e) < slack(best))) {
                best = e;
            }
        }
        return best;
    }
    /// The weight of edges out of a subtree less that of edges into it tells what moving it gains.
    std::uint32_t mostNegativeCut()
    {
        std::fill(m_flow.begin(), m_flow.end(), 0);
        for (const RankEdge &edge : m_edges) {
            m_flow[edge.source] += edge.weight;
            m_flow[edge.target] -= edge.weight;
        }
        std::uint32_t best = kNoEdge;
        std::int64_t least = 0;
        for (auto it = m_order.rbegin(); it != m_order.rend(); ++it) {
            const std::uint32_t edge = m_parentEdge[*it];
            if (edge == kNoEdge) {
                continue;
            }
            const bool childIsSource = m_edges[edge].source == *it;
            const std::int64_t cut = childIsSource ? m_flow[*it] : -m_flow[*it];
            if (cut < least) {
                least = cut;
                best = edge;
            }
            m_flow[childIsSource ? m_edges[edge].target : m_edges[edge].source] += m_flow[*it];
        }
        return best;
    }

    std::vector<std::int64_t> &m_rank;
    const std::vector<RankEdge> &m_edges;
    std::vector<std::uint8_t> m_inTree;      ///< per edge
    std::vector<std::uint8_t> m_isMarked;    ///< per node
    std::vector<std::uint32_t> m_parentEdge; ///< per node, of the last spread()
    std::vector<std::int64_t> m_flow;        ///< per node: weight out of its subtree
    std::vector<std::vector<std::uint32_t>> m_incident;
    std::vector<std::uint32_t> m_order; ///< marked nodes
};

std::int64_t totalLength(const std::vector<std::int64_t> &rank, const std::vector<RankEdge> &edges)
{
    std::int64_t length = 0;
    for (const RankEdge &edge : edges) {
        length += edge.weight * (rank[edge.target] - rank[edge.source]);
    }
    return length;
}

} // namespace

void shortenEdges(std::vector<std::int64_t> &rank, const std::vector<RankEdge> &edges,
                  std::uint64_t work)
{
    if (edges.empty()) {
        return;
    }
    std::vector<std::int64_t> moved = rank;
    TightTree tree(moved, edges);
    bool isSpanning = false;
    for (; work >= edges.size() && !isSpanning; work -= edges.size()) {
        isSpanning = !tree.joinNearest();
    }
    for (; isSpanning && work >= edges.size() && tree.exchange(); work -= edges.size()) {
    }
    if (totalLength(moved, edges) < totalLength(rank, edges)) {
        rank = std::move(moved);
    }
}

} // namespace syncpoint
