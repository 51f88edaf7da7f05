#include "core/layout/compound_pieces.h"

#include "core/layout/structure_hash.h"

#include <cassert>
#include <cstddef>
#include <unordered_map>
#include <utility>

namespace syncpoint {
namespace {

class EdgeCutter
{
public:
    explicit EdgeCutter(const CompoundGraph &graph) : m_graph(graph), m_depth(graph.items.size(), 0)
    {
        m_pieces.groupOf.resize(graph.items.size(), CompoundPieces::kNone);
        m_pieces.localNode.resize(graph.items.size(), 0);
        m_pieces.ways.resize(graph.edges.size());
    }

    CompoundPieces run()
    {
        collectGroups();
        for (std::uint32_t e = 0; e < m_graph.edges.size(); ++e) {
            splitEdge(e);
        }
        return std::move(m_pieces);
    }

private:
    struct SegmentKey
    {
        std::uint32_t group, source, target, sourcePort, targetPort, net;
        bool operator==(const SegmentKey &) const = default;
    };
    struct KeyHash
    {
        std::size_t operator()(const SegmentKey &key) const
        {
            StructureHash hasher;
            hasher.add((std::uint64_t{key.group} << 32U) | key.source);
            hasher.add((std::uint64_t{key.target} << 32U) | key.sourcePort);
            hasher.add((std::uint64_t{key.targetPort} << 32U) | key.net);
            return hasher.value();
        }
    };

    void collectGroups()
    {
        for (std::uint32_t item = 0; item < m_graph.items.size(); ++item) {
            const auto &data = m_graph.items[item];
            if (data.isGroup) {
                m_pieces.groupOf[item] = static_cast<std::uint32_t>(m_pieces.groups.size());
                m_pieces.groups.emplace_back();
            }
            if (item != 0) {
                assert(data.parent < item &&
                       m_pieces.groupOf[data.parent] != CompoundPieces::kNone);
                CompoundPieces::Group &parent = m_pieces.groups[m_pieces.groupOf[data.parent]];
                m_pieces.localNode[item] = parent.nodeCount++;
                parent.children.push_back(item);
                m_depth[item] = m_depth[data.parent] + 1;
            }
        }
    }

    bool isInside(std::uint32_t item, std::uint32_t ancestor) const
    {
        while (m_depth[item] > m_depth[ancestor]) {
            item = m_graph.items[item].parent;
        }
        return item == ancestor;
    }
    /// Cuts an edge at every group border on its way.
    void splitEdge(std::uint32_t e)
    {
        const auto &edge = m_graph.edges[e];
        if (isInside(edge.source, edge.target) || isInside(edge.target, edge.source)) {
            return; // to itself, or between a group and its own content: nothing to draw
        }
        std::uint32_t up = edge.source;
        std::uint32_t down = edge.target;
        std::uint32_t upPort = CompoundPieces::kNone;
        std::uint32_t downPort = CompoundPieces::kNone;
        const auto start = static_cast<std::uint32_t>(m_pieces.waySegments.size());
        m_tail.clear();
        while (m_graph.items[up].parent != m_graph.items[down].parent) {
            if (m_depth[up] >= m_depth[down]) {
                const std::uint32_t parent = m_graph.items[up].parent;
                const std::uint32_t port = portOf(parent, edge, true);
                m_pieces.waySegments.push_back(segment(parent, m_pieces.localNode[up],
                                                       m_pieces.ports[port].node, upPort,
                                                       CompoundPieces::kNone, edge.net));
                upPort = port;
                up = parent;
            } else {
                const std::uint32_t parent = m_graph.items[down].parent;
                const std::uint32_t port = portOf(parent, edge, false);
                m_tail.push_back(segment(parent, m_pieces.ports[port].node,
                                         m_pieces.localNode[down], CompoundPieces::kNone, downPort,
                                         edge.net));
                downPort = port;
                down = parent;
            }
        }
        m_pieces.waySegments.push_back(segment(m_graph.items[up].parent, m_pieces.localNode[up],
                                               m_pieces.localNode[down], upPort, downPort,
                                               edge.net));
        m_pieces.waySegments.insert(m_pieces.waySegments.end(), m_tail.rbegin(), m_tail.rend());
        m_pieces.ways[e] = {start, static_cast<std::uint32_t>(m_pieces.waySegments.size()) - start};
    }

    /// One port per value and border. Incoming ports are told apart by source and net.
    std::uint32_t portOf(std::uint32_t item, const CompoundGraph::Edge &edge, bool isExit)
    {
        const std::uint32_t group = m_pieces.groupOf[item];
        const SegmentKey key{group, edge.source, edge.net, isExit ? 1U : 0U, 0, 0};
        const auto [at, isNew] =
            m_portIndex.try_emplace(key, static_cast<std::uint32_t>(m_pieces.ports.size()));
        if (isNew) {
            m_pieces.ports.push_back({group, m_pieces.groups[group].nodeCount++, isExit});
            m_pieces.groups[group].ports.push_back(at->second);
        }
        return at->second;
    }
    std::uint32_t segment(std::uint32_t item, std::uint32_t source, std::uint32_t target,
                          std::uint32_t sourcePort, std::uint32_t targetPort, std::uint32_t net)
    {
        const std::uint32_t group = m_pieces.groupOf[item];
        const SegmentKey key{group, source, target, sourcePort, targetPort, net};
        const auto [at, isNew] =
            m_segmentIndex.try_emplace(key, static_cast<std::uint32_t>(m_pieces.segments.size()));
        if (isNew) {
            const auto index = static_cast<std::uint32_t>(m_pieces.groups[group].segments.size());
            m_pieces.segments.push_back(
                {group, source, target, index, sourcePort, targetPort, net});
            m_pieces.groups[group].segments.push_back(at->second);
        }
        return at->second;
    }

    const CompoundGraph &m_graph;
    CompoundPieces m_pieces;
    std::vector<std::uint32_t> m_depth; ///< per item
    std::vector<std::uint32_t> m_tail;
    std::unordered_map<SegmentKey, std::uint32_t, KeyHash> m_segmentIndex, m_portIndex;
};

} // namespace

CompoundPieces cutAtBorders(const CompoundGraph &graph)
{
    return EdgeCutter(graph).run();
}

} // namespace syncpoint
