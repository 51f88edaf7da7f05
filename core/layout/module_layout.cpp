#include "core/layout/module_layout.h"

#include "core/layout/layered_layout.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>

namespace syncpoint {
namespace {

constexpr std::uint32_t kNoItem = 0xFFFFFFFF;

class Hasher
{
public:
    void add(std::uint64_t word)
    {
        // splitmix64's finaliser: equal structures differ from near-equal ones in many bits.
        word += m_state + 0x9E3779B97F4A7C15ULL;
        word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        word = (word ^ (word >> 27U)) * 0x94D049BB133111EBULL;
        m_state = word ^ (word >> 31U);
    }
    void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
    std::uint64_t value() const { return m_state; }

private:
    std::uint64_t m_state = 0;
};

std::uint64_t hashOf(const LayoutGraph &graph)
{
    Hasher hasher;
    hasher.add(std::uint64_t{graph.nodes.size()});
    for (const LayoutNode &node : graph.nodes) {
        hasher.add(node.width);
        hasher.add(node.height);
        hasher.add(static_cast<std::uint64_t>(node.pin));
    }
    for (const LayoutEdge &edge : graph.edges) {
        hasher.add((std::uint64_t{edge.source} << 32U) | edge.target);
        hasher.add(std::uint64_t{edge.net});
        hasher.add(edge.sourcePort);
        hasher.add(edge.targetPort);
    }
    return hasher.value();
}

/// A piece of an edge within one group, between two of its children or ports.
struct Segment
{
    std::uint32_t group = 0;
    std::uint32_t source = 0, target = 0; ///< local nodes
    std::uint32_t index = 0;              ///< in the group's local graph
    std::uint32_t sourcePort = kNoItem;   ///< port of the child group where it leaves, …
    std::uint32_t targetPort = kNoItem;   ///< … and where it enters
};

/// A place on a group's border that one value passes.
struct Port
{
    std::uint32_t group = 0;
    std::uint32_t node = 0; ///< in the group's local graph
};

struct Group
{
    std::vector<std::uint32_t> children; ///< items; local node i is child i, ports follow
    std::uint32_t nodeCount = 0;
    std::vector<std::uint32_t> segments;
    std::vector<std::uint32_t> ports;
    std::shared_ptr<const Layout> layout;
    double contentX = 0.0, contentY = 0.0;
};

class ModuleLayouter
{
public:
    ModuleLayouter(const CompoundGraph &graph, const CompoundOptions &options, LayoutCache &cache)
        : m_graph(graph), m_options(options), m_cache(cache),
          m_groupOf(graph.items.size(), kNoItem), m_localNode(graph.items.size(), 0),
          m_depth(graph.items.size(), 0), m_size(graph.items.size()), m_way(graph.edges.size())
    {
    }

    Result<CompoundLayout> run(const JobContext &job)
    {
        collectGroups();
        for (std::uint32_t e = 0; e < m_graph.edges.size(); ++e) {
            splitEdge(e);
        }
        for (auto item = static_cast<std::uint32_t>(m_graph.items.size()); item-- > 0;) {
            if (!m_graph.items[item].isGroup) {
                m_size[item] = {m_graph.items[item].width, m_graph.items[item].height};
            } else if (auto done = layoutGroup(item, job); !done) {
                return done.error();
            }
        }
        return assemble();
    }

private:
    struct Size
    {
        double width = 0.0, height = 0.0;
    };
    struct Way
    {
        std::uint32_t start = 0, count = 0; ///< into m_waySegments, source to target
    };
    struct SegmentKey
    {
        std::uint32_t group, source, target, sourcePort, targetPort, net;
        bool operator==(const SegmentKey &) const = default;
    };
    struct KeyHash
    {
        std::size_t operator()(const SegmentKey &key) const
        {
            Hasher hasher;
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
                m_groupOf[item] = static_cast<std::uint32_t>(m_groups.size());
                m_groups.emplace_back();
            }
            if (item != 0) {
                assert(data.parent < item && m_groupOf[data.parent] != kNoItem);
                Group &parent = m_groups[m_groupOf[data.parent]];
                m_localNode[item] = parent.nodeCount++;
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
        std::uint32_t upPort = kNoItem;
        std::uint32_t downPort = kNoItem;
        const auto start = static_cast<std::uint32_t>(m_waySegments.size());
        m_tail.clear();
        while (m_graph.items[up].parent != m_graph.items[down].parent) {
            if (m_depth[up] >= m_depth[down]) {
                const std::uint32_t parent = m_graph.items[up].parent;
                const std::uint32_t port = portOf(parent, edge, true);
                m_waySegments.push_back(segment(parent, m_localNode[up], m_ports[port].node, upPort,
                                                kNoItem, edge.net));
                upPort = port;
                up = parent;
            } else {
                const std::uint32_t parent = m_graph.items[down].parent;
                const std::uint32_t port = portOf(parent, edge, false);
                m_tail.push_back(segment(parent, m_ports[port].node, m_localNode[down], kNoItem,
                                         downPort, edge.net));
                downPort = port;
                down = parent;
            }
        }
        m_waySegments.push_back(segment(m_graph.items[up].parent, m_localNode[up],
                                        m_localNode[down], upPort, downPort, edge.net));
        m_waySegments.insert(m_waySegments.end(), m_tail.rbegin(), m_tail.rend());
        m_way[e] = {start, static_cast<std::uint32_t>(m_waySegments.size()) - start};
    }

    /// One port per value and border. Incoming ports are told apart by source and net.
    std::uint32_t portOf(std::uint32_t item, const CompoundGraph::Edge &edge, bool isExit)
    {
        const std::uint32_t group = m_groupOf[item];
        const SegmentKey key{group, edge.source, edge.net, isExit ? 1U : 0U, 0, 0};
        const auto [at, isNew] =
            m_portIndex.try_emplace(key, static_cast<std::uint32_t>(m_ports.size()));
        if (isNew) {
            m_ports.push_back({group, m_groups[group].nodeCount++});
            m_portIsExit.push_back(isExit ? 1 : 0);
            m_groups[group].ports.push_back(at->second);
        }
        return at->second;
    }
    std::uint32_t segment(std::uint32_t item, std::uint32_t source, std::uint32_t target,
                          std::uint32_t sourcePort, std::uint32_t targetPort, std::uint32_t net)
    {
        const std::uint32_t group = m_groupOf[item];
        const SegmentKey key{group, source, target, sourcePort, targetPort, net};
        const auto [at, isNew] =
            m_segmentIndex.try_emplace(key, static_cast<std::uint32_t>(m_segments.size()));
        if (isNew) {
            const auto index = static_cast<std::uint32_t>(m_groups[group].segments.size());
            m_segments.push_back({group, source, target, index, sourcePort, targetPort});
            m_segmentNet.push_back(net);
            m_groups[group].segments.push_back(at->second);
        }
        return at->second;
    }

    /// Where a port sits, from the centre of its group's box.
    double portOffset(std::uint32_t port) const
    {
        if (port == kNoItem) {
            return LayoutEdge::kAuto;
        }
        const Group &group = m_groups[m_ports[port].group];
        const double x = group.contentX + group.layout->nodes[m_ports[port].node].x;
        return x - m_groupWidth[m_ports[port].group] / 2.0;
    }

    LayoutGraph localGraph(const Group &group) const
    {
        LayoutGraph local;
        local.nodes.resize(group.nodeCount);
        for (std::size_t i = 0; i < group.children.size(); ++i) {
            const std::uint32_t child = group.children[i];
            local.nodes[m_localNode[child]] = {m_size[child].width, m_size[child].height,
                                               LayoutNode::Pin::None};
        }
        for (const std::uint32_t port : group.ports) {
            local.nodes[m_ports[port].node].pin =
                m_portIsExit[port] != 0 ? LayoutNode::Pin::Last : LayoutNode::Pin::First;
        }
        // Net numbers are local, or no two copies of a block would ever be equal.
        std::unordered_map<std::uint32_t, std::uint32_t> nets;
        local.edges.reserve(group.segments.size());
        for (const std::uint32_t s : group.segments) {
            const Segment &segment = m_segments[s];
            const auto net =
                nets.try_emplace(m_segmentNet[s], static_cast<std::uint32_t>(nets.size()));
            local.edges.push_back({segment.source, segment.target, net.first->second,
                                   portOffset(segment.sourcePort), portOffset(segment.targetPort)});
        }
        return local;
    }

    Result<void> layoutGroup(std::uint32_t item, const JobContext &job)
    {
        Group &group = m_groups[m_groupOf[item]];
        LayoutGraph local = localGraph(group);
        group.layout = m_cache.find(local, m_options.layered);
        if (!group.layout) {
            auto layout = layoutLayered(local, m_options.layered, job);
            if (!layout) {
                return layout.error();
            }
            group.layout = std::make_shared<const Layout>(std::move(layout).value());
            m_cache.add(std::move(local), m_options.layered, group.layout);
        }
        const bool isRoot = item == 0;
        const double padding = isRoot ? 0.0 : m_options.padding;
        const double header = isRoot ? 0.0 : m_options.header;
        const auto &least = m_graph.items[item];
        m_size[item] = {std::max(least.width, group.layout->width + 2.0 * padding),
                        std::max(least.height, group.layout->height + 2.0 * padding + header)};
        group.contentX = std::floor((m_size[item].width - group.layout->width) / 2.0);
        group.contentY = header + padding;
        m_groupWidth.resize(m_groups.size());
        m_groupWidth[m_groupOf[item]] = m_size[item].width;
        return {};
    }

    Result<CompoundLayout> assemble() const
    {
        CompoundLayout result;
        result.items.resize(m_graph.items.size());
        result.items[0] = {0.0, 0.0, m_size[0].width, m_size[0].height};
        for (std::uint32_t item = 1; item < m_graph.items.size(); ++item) {
            const std::uint32_t parent = m_graph.items[item].parent;
            const Group &group = m_groups[m_groupOf[parent]];
            const LayoutPoint &at = group.layout->nodes[m_localNode[item]];
            result.items[item] = {result.items[parent].x + group.contentX + at.x,
                                  result.items[parent].y + group.contentY + at.y,
                                  m_size[item].width, m_size[item].height};
        }
        std::vector<std::uint32_t> itemOfGroup(m_groups.size());
        for (std::uint32_t item = 0; item < m_graph.items.size(); ++item) {
            if (m_groupOf[item] != kNoItem) {
                itemOfGroup[m_groupOf[item]] = item;
            }
        }
        result.edgeStart.push_back(0);
        for (const Way &way : m_way) {
            appendWay(way, itemOfGroup, result);
            result.edgeStart.push_back(static_cast<std::uint32_t>(result.points.size()));
        }
        return result;
    }
    void appendWay(const Way &way, const std::vector<std::uint32_t> &itemOfGroup,
                   CompoundLayout &result) const
    {
        const auto first = result.points.size();
        for (std::uint32_t i = 0; i < way.count; ++i) {
            const Segment &segment = m_segments[m_waySegments[way.start + i]];
            const Group &group = m_groups[segment.group];
            const auto &corner = result.items[itemOfGroup[segment.group]];
            const std::uint32_t begin = group.layout->edgeStart[segment.index];
            const std::uint32_t end = group.layout->edgeStart[segment.index + 1];
            if (begin == end) { // one piece is too long to draw: the whole edge becomes a chip
                result.points.resize(first);
                return;
            }
            for (std::uint32_t p = begin; p < end; ++p) {
                result.points.push_back({corner.x + group.contentX + group.layout->points[p].x,
                                         corner.y + group.contentY + group.layout->points[p].y});
            }
        }
    }

    const CompoundGraph &m_graph;
    const CompoundOptions &m_options;
    LayoutCache &m_cache;
    std::vector<std::uint32_t> m_groupOf, m_localNode, m_depth; ///< per item
    std::vector<Size> m_size;                                   ///< per item
    std::vector<Group> m_groups;
    std::vector<double> m_groupWidth;
    std::vector<Segment> m_segments;
    std::vector<std::uint32_t> m_segmentNet;
    std::vector<Port> m_ports;
    std::vector<std::uint8_t> m_portIsExit;
    std::unordered_map<SegmentKey, std::uint32_t, KeyHash> m_segmentIndex, m_portIndex;
    std::vector<std::uint32_t> m_waySegments, m_tail;
    std::vector<Way> m_way; ///< per edge
};

} // namespace

std::shared_ptr<const Layout> LayoutCache::find(const LayoutGraph &graph,
                                                const LayoutOptions &options) const
{
    const std::lock_guard lock(m_mutex);
    const auto [begin, end] = m_entries.equal_range(hashOf(graph));
    for (auto it = begin; it != end; ++it) {
        if (it->second.options == options && it->second.graph == graph) {
            return it->second.layout;
        }
    }
    return nullptr;
}

void LayoutCache::add(LayoutGraph graph, const LayoutOptions &options,
                      std::shared_ptr<const Layout> layout)
{
    const std::lock_guard lock(m_mutex);
    const std::size_t elements = graph.nodes.size() + graph.edges.size() + 1;
    if (m_elements + elements > kMostElements) {
        m_entries.clear();
        m_elements = 0;
    }
    m_elements += elements;
    const std::uint64_t hash = hashOf(graph);
    m_entries.emplace(hash, Entry{std::move(graph), options, std::move(layout)});
}

Result<CompoundLayout> layoutModules(const CompoundGraph &graph, const CompoundOptions &options,
                                     LayoutCache &cache, const JobContext &job)
{
    assert(!graph.items.empty() && graph.items.front().isGroup);
    return ModuleLayouter(graph, options, cache).run(job);
}

} // namespace syncpoint
