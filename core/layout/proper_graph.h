#pragma once
#include "core/layout/adjacency.h"
#include "core/layout/layout_graph.h"
#include "core/layout/ranking.h"

#include <cstdint>
#include <span>
#include <vector>

namespace syncpoint {

/// The graph with dummy vertices, so that every arc joins neighbouring ranks. Vertices below
/// `realCount` are the nodes of the layout graph.
struct ProperGraph
{
    struct Arc
    {
        std::uint32_t source = 0; ///< in the rank above the target's
        std::uint32_t target = 0;
        double sourcePort = 0.0; ///< from the vertex's centre
        double targetPort = 0.0;
    };

    std::uint32_t realCount = 0;
    std::vector<std::uint32_t> rank;
    std::vector<double> width;
    std::vector<Arc> arcs;
    Adjacency down = Adjacency::outgoing(0, std::vector<Arc>{});
    Adjacency up = Adjacency::incoming(0, std::vector<Arc>{});

    /// Arcs of edge e, top to bottom: edgeArcs[edgeArcStart[e]] …; none for edges that are not
    /// routed. Edges of one net share arcs.
    std::vector<std::uint32_t> edgeArcStart;
    std::vector<std::uint32_t> edgeArcs;

    std::vector<std::uint32_t> rankStart; ///< into order, rankCount + 1 long
    std::vector<std::uint32_t> order;     ///< vertices rank by rank, left to right
    std::vector<std::uint32_t> position;  ///< of a vertex within its rank

    std::uint32_t vertexCount() const { return static_cast<std::uint32_t>(rank.size()); }
    std::uint32_t rankCount() const { return static_cast<std::uint32_t>(rankStart.size()) - 1; }
    bool isDummy(std::uint32_t vertex) const { return vertex >= realCount; }
    std::span<std::uint32_t> row(std::uint32_t r)
    {
        return std::span(order).subspan(rankStart[r], rankStart[r + 1] - rankStart[r]);
    }
    std::span<const std::uint32_t> row(std::uint32_t r) const
    {
        return std::span(order).subspan(rankStart[r], rankStart[r + 1] - rankStart[r]);
    }
};

/// Adds dummies for edges up to `options.maxSpan` ranks (fewer when there would be too many) and
/// gives each rank an order that follows a depth-first walk.
ProperGraph makeProper(const LayoutGraph &graph, const Ranking &ranking,
                       const LayoutOptions &options);

} // namespace syncpoint
