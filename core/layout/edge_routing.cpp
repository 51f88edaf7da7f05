#include "core/layout/edge_routing.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {
namespace {

constexpr double kPortStep = 12.0;  ///< between edges that share a side of a box
constexpr double kPortMargin = 8.0; ///< from the box's corners
constexpr double kStraight = 1.0;   ///< pixels within which an edge counts as vertical

class Router
{
public:
    Router(const LayoutGraph &graph, const Ranking &ranking, const ProperGraph &proper,
           const std::vector<double> &centres, const LayoutOptions &options)
        : m_graph(graph), m_ranking(ranking), m_proper(proper), m_x(centres),
          m_entry(graph.edges.size(), 0.0), m_exit(graph.edges.size(), 0.0)
    {
        placeRows(options);
        placeNodes();
    }

    Layout run()
    {
        choosePorts();
        m_layout.edgeStart.reserve(m_graph.edges.size() + 1);
        m_layout.edgeStart.push_back(0);
        for (std::uint32_t e = 0; e < m_graph.edges.size(); ++e) {
            const auto first = m_layout.points.size();
            route(e);
            if (m_ranking.reversed[e] != 0) {
                std::reverse(m_layout.points.begin() + static_cast<std::ptrdiff_t>(first),
                             m_layout.points.end());
            }
            m_layout.edgeStart.push_back(static_cast<std::uint32_t>(m_layout.points.size()));
        }
        return std::move(m_layout);
    }

private:
    void placeRows(const LayoutOptions &options)
    {
        m_rowHeight.assign(m_proper.rankCount(), 0.0);
        m_rowTop.assign(m_proper.rankCount(), 0.0);
        for (std::uint32_t v = 0; v < m_proper.realCount; ++v) {
            double &height = m_rowHeight[m_proper.rank[v]];
            height = std::max(height, std::ceil(m_graph.nodes[v].height));
        }
        double y = 0.0;
        for (std::uint32_t r = 0; r < m_proper.rankCount(); ++r) {
            m_rowTop[r] = y;
            y += m_rowHeight[r] + options.rankGap;
        }
        m_layout.height = m_proper.rankCount() == 0 ? 0.0 : y - options.rankGap;
    }

    /// Whole pixels: boxes keep their distance because left edges of one row are at least a whole
    /// number of pixels apart.
    void placeNodes()
    {
        double low = 0.0;
        for (std::uint32_t v = 0; v < m_x.size(); ++v) {
            const double left = std::floor(m_x[v] - m_proper.width[v] / 2.0);
            low = v == 0 ? left : std::min(low, left);
        }
        m_layout.rank.assign(m_proper.rank.begin(), m_proper.rank.begin() + m_proper.realCount);
        m_layout.nodes.resize(m_proper.realCount);
        for (std::uint32_t v = 0; v < m_x.size(); ++v) {
            const double width = m_proper.width[v];
            const double left = std::floor(m_x[v] - width / 2.0) - low;
            m_x[v] = left + width / 2.0;
            m_layout.width = std::max(m_layout.width, left + width);
            if (v < m_proper.realCount) {
                const std::uint32_t r = m_proper.rank[v];
                const double slack = m_rowHeight[r] - m_graph.nodes[v].height;
                m_layout.nodes[v] = {left, m_rowTop[r] + std::floor(slack / 2.0)};
            }
        }
    }

    std::span<const std::uint32_t> arcsOf(std::uint32_t edge) const
    {
        return std::span(m_proper.edgeArcs)
            .subspan(m_proper.edgeArcStart[edge],
                     m_proper.edgeArcStart[edge + 1] - m_proper.edgeArcStart[edge]);
    }

    struct Attachment
    {
        std::uint32_t node = 0, net = 0, edge = 0;
        double towards = 0.0; ///< x of the other end, from the node's centre
    };
    /// Edges meet a box in the order in which they come; the straight one keeps the centre.
    void choosePorts()
    {
        std::vector<Attachment> entries, exits;
        for (std::uint32_t e = 0; e < m_graph.edges.size(); ++e) {
            const auto arcs = arcsOf(e);
            if (arcs.empty()) {
                continue;
            }
            const LayoutEdge &edge = m_graph.edges[e];
            const bool reversed = m_ranking.reversed[e] != 0;
            const auto &first = m_proper.arcs[arcs.front()];
            const auto &last = m_proper.arcs[arcs.back()];
            m_exit[e] = first.sourcePort;
            m_entry[e] = last.targetPort;
            if (std::isinf(reversed ? edge.targetPort : edge.sourcePort)) {
                exits.push_back({first.source, reversed ? ~e : edge.net, e,
                                 m_x[first.target] - m_x[first.source]});
            }
            if (std::isinf(reversed ? edge.sourcePort : edge.targetPort)) {
                entries.push_back({last.target, e, e, m_x[last.source] - m_x[last.target]});
            }
        }
        spread(entries, m_entry);
        std::stable_sort(exits.begin(), exits.end(), [](const Attachment &a, const Attachment &b) {
            return a.node != b.node ? a.node < b.node : a.net < b.net;
        });
        for (std::size_t i = 1; i < exits.size(); ++i) {
            // One value leaves from one point, wherever its consumers stand.
            if (exits[i].node == exits[i - 1].node && exits[i].net == exits[i - 1].net) {
                exits[i].towards = exits[i - 1].towards;
            }
        }
        spread(exits, m_exit);
    }

    void spread(std::vector<Attachment> &ends, std::vector<double> &port) const
    {
        std::stable_sort(ends.begin(), ends.end(), [](const Attachment &a, const Attachment &b) {
            return a.node != b.node         ? a.node < b.node
                   : a.towards != b.towards ? a.towards < b.towards
                                            : a.net < b.net;
        });
        std::vector<std::size_t> groupStart; ///< attachments of one node, one entry per net
        for (std::size_t first = 0; first < ends.size();) {
            groupStart.clear();
            std::size_t last = first;
            for (; last < ends.size() && ends[last].node == ends[first].node; ++last) {
                if (last == first || ends[last].net != ends[last - 1].net) {
                    groupStart.push_back(last);
                }
            }
            const double room =
                std::max(0.0, m_graph.nodes[ends[first].node].width / 2.0 - kPortMargin);
            const auto count = static_cast<double>(groupStart.size());
            const double step = count > 1 ? std::min(kPortStep, 2.0 * room / (count - 1)) : 0.0;
            double centre = (count - 1) / 2.0;
            for (std::size_t g = 0; g < groupStart.size(); ++g) {
                const auto index = static_cast<double>(g);
                const bool fits = std::max(index, count - 1 - index) * step <= room;
                if (std::abs(ends[groupStart[g]].towards) <= kStraight && fits) {
                    centre = index;
                }
            }
            for (std::size_t g = 0; g < groupStart.size(); ++g) {
                const std::size_t end = g + 1 < groupStart.size() ? groupStart[g + 1] : last;
                for (std::size_t i = groupStart[g]; i < end; ++i) {
                    port[ends[i].edge] = (static_cast<double>(g) - centre) * step;
                }
            }
            first = last;
        }
    }

    void append(std::size_t first, double x, double y)
    {
        auto &points = m_layout.points;
        const std::size_t count = points.size() - first;
        if (count >= 2 && points.back().x == x && points[points.size() - 2].x == x) {
            points.back().y = y;
        } else if (count == 0 || points.back() != LayoutPoint{x, y}) {
            points.push_back({x, y});
        }
    }
    void route(std::uint32_t e)
    {
        const auto arcs = arcsOf(e);
        if (arcs.empty()) {
            return;
        }
        const std::size_t first = m_layout.points.size();
        const std::uint32_t top = m_proper.arcs[arcs.front()].source;
        const std::uint32_t bottom = m_proper.arcs[arcs.back()].target;
        const double startX = m_x[top] + m_exit[e];
        append(first, startX, m_layout.nodes[top].y + m_graph.nodes[top].height);
        append(first, startX, rowBottom(top));
        for (const std::uint32_t a : arcs.first(arcs.size() - 1)) {
            const std::uint32_t dummy = m_proper.arcs[a].target;
            append(first, m_x[dummy], m_rowTop[m_proper.rank[dummy]]);
            append(first, m_x[dummy], rowBottom(dummy));
        }
        const double endX = m_x[bottom] + m_entry[e];
        append(first, endX, m_rowTop[m_proper.rank[bottom]]);
        append(first, endX, m_layout.nodes[bottom].y);
    }
    double rowBottom(std::uint32_t vertex) const
    {
        const std::uint32_t r = m_proper.rank[vertex];
        return m_rowTop[r] + m_rowHeight[r];
    }

    const LayoutGraph &m_graph;
    const Ranking &m_ranking;
    const ProperGraph &m_proper;
    std::vector<double> m_x; ///< centres, moved to whole pixels
    std::vector<double> m_rowTop, m_rowHeight;
    std::vector<double> m_entry, m_exit; ///< per edge, at its lower and its upper end
    Layout m_layout;
};

} // namespace

Layout routeEdges(const LayoutGraph &graph, const Ranking &ranking, const ProperGraph &proper,
                  const std::vector<double> &centres, const LayoutOptions &options)
{
    return Router(graph, ranking, proper, centres, options).run();
}

} // namespace syncpoint
