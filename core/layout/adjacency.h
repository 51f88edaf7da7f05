#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace syncpoint {

/// Edge indices grouped by node, in compressed rows. `Edge` has `source` and `target`.
class Adjacency
{
public:
    template <typename Edge>
    static Adjacency outgoing(std::uint32_t nodes, const std::vector<Edge> &edges)
    {
        return Adjacency(nodes, edges, [](const Edge &edge) { return edge.source; });
    }
    template <typename Edge>
    static Adjacency incoming(std::uint32_t nodes, const std::vector<Edge> &edges)
    {
        return Adjacency(nodes, edges, [](const Edge &edge) { return edge.target; });
    }

    /// Edges at this node, in the order of the edge list.
    std::span<const std::uint32_t> of(std::uint32_t node) const
    {
        return std::span(m_edges).subspan(m_start[node], m_start[node + 1] - m_start[node]);
    }
    std::span<std::uint32_t> of(std::uint32_t node)
    {
        return std::span(m_edges).subspan(m_start[node], m_start[node + 1] - m_start[node]);
    }

private:
    template <typename Edge, typename End>
    Adjacency(std::uint32_t nodes, const std::vector<Edge> &edges, End end)
        : m_start(std::size_t{nodes} + 1, 0), m_edges(edges.size())
    {
        for (const Edge &edge : edges) {
            ++m_start[end(edge) + 1];
        }
        for (std::size_t i = 1; i < m_start.size(); ++i) {
            m_start[i] += m_start[i - 1];
        }
        std::vector<std::uint32_t> next(m_start.begin(), m_start.end() - 1);
        for (std::uint32_t e = 0; e < edges.size(); ++e) {
            m_edges[next[end(edges[e])]++] = e;
        }
    }

    std::vector<std::uint32_t> m_start;
    std::vector<std::uint32_t> m_edges;
};

} // namespace syncpoint
