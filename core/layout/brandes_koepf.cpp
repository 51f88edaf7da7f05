#include "core/layout/brandes_koepf.h"

#include <algorithm>
#include <array>
#include <limits>

namespace syncpoint {
namespace {

constexpr std::uint32_t kNoNode = 0xFFFFFFFF;

/// Arcs that cross a pair of dummies: long edges stay straight at their cost.
std::vector<std::uint8_t> markConflicts(const ProperGraph &proper)
{
    std::vector<std::uint8_t> conflict(proper.arcs.size(), 0);
    const auto innerSource = [&proper](std::uint32_t vertex) {
        if (proper.isDummy(vertex)) {
            const std::uint32_t source = proper.arcs[proper.up.of(vertex).front()].source;
            return proper.isDummy(source) ? source : kNoNode;
        }
        return kNoNode;
    };
    for (std::uint32_t r = 0; r + 1 < proper.rankCount(); ++r) {
        const auto lower = proper.row(r + 1);
        std::uint32_t leftLimit = 0;
        std::size_t scanned = 0;
        for (std::size_t i = 0; i < lower.size(); ++i) {
            const std::uint32_t inner = innerSource(lower[i]);
            if (inner == kNoNode && i + 1 < lower.size()) {
                continue;
            }
            const std::uint32_t rightLimit = inner == kNoNode
                                                 ? static_cast<std::uint32_t>(proper.row(r).size())
                                                 : proper.position[inner];
            for (; scanned <= i; ++scanned) {
                for (const std::uint32_t a : proper.up.of(lower[scanned])) {
                    const std::uint32_t at = proper.position[proper.arcs[a].source];
                    if (at < leftLimit || at > rightLimit) {
                        conflict[a] = 1;
                    }
                }
            }
            leftLimit = rightLimit;
        }
    }
    return conflict;
}

/// One of the four extreme drawings: vertices aligned with their median neighbour above or below,
/// packed to the left. The right-hand ones are made by mirroring the rows.
class BlockDrawing
{
public:
    BlockDrawing(const ProperGraph &proper, const std::vector<std::uint8_t> &conflict,
                 bool fromAbove, bool mirrored, double nodeGap, double edgeGap)
        : m_proper(proper), m_conflict(conflict), m_fromAbove(fromAbove), m_mirrored(mirrored),
          m_nodeGap(nodeGap), m_edgeGap(edgeGap), m_root(proper.vertexCount()),
          m_next(proper.vertexCount()), m_shift(proper.vertexCount(), 0.0)
    {
        for (std::uint32_t v = 0; v < proper.vertexCount(); ++v) {
            m_root[v] = m_next[v] = v;
        }
    }

    std::vector<double> coordinates()
    {
        const std::uint32_t ranks = m_proper.rankCount();
        for (std::uint32_t i = 1; i < ranks; ++i) {
            alignRow(m_fromAbove ? i : ranks - 1 - i);
        }
        std::vector<double> x = compact();
        std::vector<double> result(x.size());
        for (std::uint32_t v = 0; v < result.size(); ++v) {
            const double centre = x[m_root[v]] + m_shift[v];
            result[v] = m_mirrored ? -centre : centre;
        }
        return result;
    }

private:
    struct Link
    {
        std::uint32_t position = 0, arc = 0;
    };

    std::uint32_t at(std::span<const std::uint32_t> row, std::size_t i) const
    {
        return m_mirrored ? row[row.size() - 1 - i] : row[i];
    }
    std::uint32_t mirroredPosition(std::uint32_t vertex) const
    {
        const std::uint32_t position = m_proper.position[vertex];
        if (!m_mirrored) {
            return position;
        }
        const auto size = m_proper.row(m_proper.rank[vertex]).size();
        return static_cast<std::uint32_t>(size) - 1 - position;
    }

    void alignRow(std::uint32_t r)
    {
        const auto row = m_proper.row(r);
        std::int64_t leftmost = -1;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::uint32_t vertex = at(row, i);
            const auto arcs = m_fromAbove ? m_proper.up.of(vertex) : m_proper.down.of(vertex);
            if (arcs.empty()) {
                continue;
            }
            m_links.clear();
            for (const std::uint32_t a : arcs) {
                const auto &arc = m_proper.arcs[a];
                m_links.push_back({mirroredPosition(m_fromAbove ? arc.source : arc.target), a});
            }
            if (m_links.size() > 1) {
                std::sort(m_links.begin(), m_links.end(), [](const Link &a, const Link &b) {
                    return a.position != b.position ? a.position < b.position : a.arc < b.arc;
                });
            }
            for (std::size_t m : {(m_links.size() - 1) / 2, m_links.size() / 2}) {
                const Link &link = m_links[m];
                if (m_next[vertex] == vertex && m_conflict[link.arc] == 0 &&
                    std::int64_t{link.position} > leftmost) {
                    join(vertex, link.arc);
                    leftmost = link.position;
                }
            }
        }
    }
    void join(std::uint32_t vertex, std::uint32_t arcIndex)
    {
        const auto &arc = m_proper.arcs[arcIndex];
        const std::uint32_t other = m_fromAbove ? arc.source : arc.target;
        const double otherPort = m_fromAbove ? arc.sourcePort : arc.targetPort;
        const double port = m_fromAbove ? arc.targetPort : arc.sourcePort;
        const double difference = otherPort - port;
        m_shift[vertex] = m_shift[other] + (m_mirrored ? -difference : difference);
        m_next[other] = vertex;
        m_root[vertex] = m_root[other];
        m_next[vertex] = m_root[vertex];
    }

    double separation(std::uint32_t left, std::uint32_t right) const
    {
        const bool isEdge = m_proper.isDummy(left) || m_proper.isDummy(right);
        return (m_proper.width[left] + m_proper.width[right]) / 2.0 +
               (isEdge ? m_edgeGap : m_nodeGap) + m_shift[left] - m_shift[right];
    }
    std::uint32_t rightNeighbour(std::uint32_t vertex) const
    {
        const auto row = m_proper.row(m_proper.rank[vertex]);
        const std::uint32_t i = mirroredPosition(vertex) + 1;
        return i < row.size() ? at(row, i) : kNoNode;
    }
    /// Calls visit(block to the right, distance between roots) for every neighbour of a block.
    template <typename Visit>
    void forRightBlocks(std::uint32_t root, Visit visit) const
    {
        std::uint32_t vertex = root;
        do {
            const std::uint32_t right = rightNeighbour(vertex);
            if (right != kNoNode) {
                visit(m_root[right], separation(vertex, right));
            }
            vertex = m_next[vertex];
        } while (vertex != root);
    }

    /// Root x: as far left as possible, then blocks move right to where their neighbours leave
    /// room, so that nothing dangles far from what it belongs to.
    std::vector<double> compact() const
    {
        const std::uint32_t count = m_proper.vertexCount();
        std::vector<double> x(count, 0.0);
        std::vector<std::uint32_t> waitingFor(count, 0);
        std::vector<std::uint32_t> order;
        for (std::uint32_t r = 0; r < m_proper.rankCount(); ++r) {
            const auto row = m_proper.row(r);
            for (std::size_t i = 1; i < row.size(); ++i) {
                ++waitingFor[m_root[at(row, i)]];
            }
        }
        order.reserve(count);
        for (std::uint32_t v = 0; v < count; ++v) {
            if (m_root[v] == v && waitingFor[v] == 0) {
                order.push_back(v);
            }
        }
        for (std::size_t next = 0; next < order.size(); ++next) {
            const std::uint32_t root = order[next];
            forRightBlocks(root, [&](std::uint32_t right, double distance) {
                x[right] = std::max(x[right], x[root] + distance);
                if (--waitingFor[right] == 0) {
                    order.push_back(right);
                }
            });
        }
        for (auto it = order.rbegin(); it != order.rend(); ++it) {
            double room = std::numeric_limits<double>::infinity();
            forRightBlocks(*it, [&](std::uint32_t right, double distance) {
                room = std::min(room, x[right] - distance);
            });
            if (room < std::numeric_limits<double>::infinity()) {
                x[*it] = std::max(x[*it], room);
            }
        }
        return x;
    }

    const ProperGraph &m_proper;
    const std::vector<std::uint8_t> &m_conflict;
    bool m_fromAbove, m_mirrored;
    double m_nodeGap, m_edgeGap;
    std::vector<std::uint32_t> m_root;
    std::vector<std::uint32_t> m_next; ///< next vertex of the block, the last one's is the root
    std::vector<double> m_shift;       ///< of a vertex's centre against its root's
    std::vector<Link> m_links;
};

struct Extent
{
    double low = 0.0, high = 0.0;
};

Extent extentOf(const ProperGraph &proper, const std::vector<double> &x)
{
    Extent extent{std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()};
    for (std::uint32_t v = 0; v < x.size(); ++v) {
        extent.low = std::min(extent.low, x[v] - proper.width[v] / 2.0);
        extent.high = std::max(extent.high, x[v] + proper.width[v] / 2.0);
    }
    return extent;
}

} // namespace

std::vector<double> assignCoordinates(const ProperGraph &proper, double nodeGap, double edgeGap)
{
    if (proper.vertexCount() == 0) {
        return {};
    }
    const auto conflict = markConflicts(proper);
    std::array<std::vector<double>, 4> x;
    std::array<Extent, 4> extent;
    std::size_t narrowest = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
        x[k] = BlockDrawing(proper, conflict, k < 2, k % 2 == 1, nodeGap, edgeGap).coordinates();
        extent[k] = extentOf(proper, x[k]);
        if (extent[k].high - extent[k].low < extent[narrowest].high - extent[narrowest].low) {
            narrowest = k;
        }
    }
    std::array<double, 4> offset{};
    for (std::size_t k = 0; k < x.size(); ++k) {
        offset[k] = k % 2 == 0 ? extent[narrowest].low - extent[k].low
                               : extent[narrowest].high - extent[k].high;
    }
    // The middle two of four: any order statistic keeps the distances that all four keep.
    std::vector<double> result(proper.vertexCount());
    for (std::uint32_t v = 0; v < result.size(); ++v) {
        std::array<double, 4> at{x[0][v] + offset[0], x[1][v] + offset[1], x[2][v] + offset[2],
                                 x[3][v] + offset[3]};
        std::sort(at.begin(), at.end());
        result[v] = (at[1] + at[2]) / 2.0;
    }
    return result;
}

} // namespace syncpoint
