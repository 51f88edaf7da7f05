#include "core/layout/module_layout.h"

#include "core/layout/compound_pieces.h"
#include "core/layout/layered_layout.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <unordered_map>

namespace syncpoint {
namespace {

class ModuleLayouter
{
public:
    ModuleLayouter(const CompoundGraph &graph, const CompoundOptions &options, LayoutCache &cache)
        : m_graph(graph), m_options(options), m_cache(cache), m_pieces(cutAtBorders(graph)),
          m_size(graph.items.size()), m_drawings(m_pieces.groups.size())
    {
    }

    Result<CompoundLayout> run(const JobContext &job)
    {
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
    /// Of one group.
    struct Drawing
    {
        std::shared_ptr<const Layout> layout;
        double contentX = 0.0, contentY = 0.0;
        double width = 0.0; ///< of its box
    };

    /// Where a port sits, from the centre of its group's box.
    double portOffset(std::uint32_t port) const
    {
        if (port == CompoundPieces::kNone) {
            return LayoutEdge::kAuto;
        }
        const Drawing &drawing = m_drawings[m_pieces.ports[port].group];
        const double x = drawing.contentX + drawing.layout->nodes[m_pieces.ports[port].node].x;
        return x - drawing.width / 2.0;
    }

    LayoutGraph localGraph(const CompoundPieces::Group &group) const
    {
        LayoutGraph local;
        local.nodes.resize(group.nodeCount);
        for (std::size_t i = 0; i < group.children.size(); ++i) {
            const std::uint32_t child = group.children[i];
            local.nodes[m_pieces.localNode[child]] = {m_size[child].width, m_size[child].height,
                                                      LayoutNode::Pin::None};
        }
        for (const std::uint32_t port : group.ports) {
            local.nodes[m_pieces.ports[port].node].pin =
                m_pieces.ports[port].isExit ? LayoutNode::Pin::Last : LayoutNode::Pin::First;
        }
        // Net numbers are local, or no two copies of a block would ever be equal.
        std::unordered_map<std::uint32_t, std::uint32_t> nets;
        local.edges.reserve(group.segments.size());
        for (const std::uint32_t s : group.segments) {
            const CompoundPieces::Segment &segment = m_pieces.segments[s];
            const auto net = nets.try_emplace(segment.net, static_cast<std::uint32_t>(nets.size()));
            local.edges.push_back({segment.source, segment.target, net.first->second,
                                   portOffset(segment.sourcePort), portOffset(segment.targetPort)});
        }
        return local;
    }

    Result<void> layoutGroup(std::uint32_t item, const JobContext &job)
    {
        Drawing &drawing = m_drawings[m_pieces.groupOf[item]];
        LayoutGraph local = localGraph(m_pieces.groups[m_pieces.groupOf[item]]);
        drawing.layout = m_cache.find(local, m_options.layered);
        if (!drawing.layout) {
            auto layout = layoutLayered(local, m_options.layered, job);
            if (!layout) {
                return layout.error();
            }
            drawing.layout = std::make_shared<const Layout>(std::move(layout).value());
            m_cache.add(std::move(local), m_options.layered, drawing.layout);
        }
        const bool isRoot = item == 0;
        const double padding = isRoot ? 0.0 : m_options.padding;
        const double header = isRoot ? 0.0 : m_options.header;
        const auto &least = m_graph.items[item];
        m_size[item] = {std::max(least.width, drawing.layout->width + 2.0 * padding),
                        std::max(least.height, drawing.layout->height + 2.0 * padding + header)};
        drawing.contentX = std::floor((m_size[item].width - drawing.layout->width) / 2.0);
        drawing.contentY = header + padding;
        drawing.width = m_size[item].width;
        return {};
    }

    Result<CompoundLayout> assemble() const
    {
        CompoundLayout result;
        result.items.resize(m_graph.items.size());
        result.items[0] = {0.0, 0.0, m_size[0].width, m_size[0].height};
        for (std::uint32_t item = 1; item < m_graph.items.size(); ++item) {
            const std::uint32_t parent = m_graph.items[item].parent;
            const Drawing &drawing = m_drawings[m_pieces.groupOf[parent]];
            const LayoutPoint &at = drawing.layout->nodes[m_pieces.localNode[item]];
            result.items[item] = {result.items[parent].x + drawing.contentX + at.x,
                                  result.items[parent].y + drawing.contentY + at.y,
                                  m_size[item].width, m_size[item].height};
        }
        std::vector<std::uint32_t> itemOfGroup(m_pieces.groups.size());
        for (std::uint32_t item = 0; item < m_graph.items.size(); ++item) {
            if (m_pieces.groupOf[item] != CompoundPieces::kNone) {
                itemOfGroup[m_pieces.groupOf[item]] = item;
            }
        }
        result.edgeStart.push_back(0);
        for (const CompoundPieces::Way &way : m_pieces.ways) {
            appendWay(way, itemOfGroup, result);
            result.edgeStart.push_back(static_cast<std::uint32_t>(result.points.size()));
        }
        return result;
    }
    void appendWay(const CompoundPieces::Way &way, const std::vector<std::uint32_t> &itemOfGroup,
                   CompoundLayout &result) const
    {
        const auto first = result.points.size();
        for (std::uint32_t i = 0; i < way.count; ++i) {
            const auto &segment = m_pieces.segments[m_pieces.waySegments[way.start + i]];
            const Drawing &drawing = m_drawings[segment.group];
            const auto &corner = result.items[itemOfGroup[segment.group]];
            const std::uint32_t begin = drawing.layout->edgeStart[segment.index];
            const std::uint32_t end = drawing.layout->edgeStart[segment.index + 1];
            if (begin == end) { // one piece is too long to draw: the whole edge becomes a chip
                result.points.resize(first);
                return;
            }
            for (std::uint32_t p = begin; p < end; ++p) {
                result.points.push_back(
                    {corner.x + drawing.contentX + drawing.layout->points[p].x,
                     corner.y + drawing.contentY + drawing.layout->points[p].y});
            }
        }
    }

    const CompoundGraph &m_graph;
    const CompoundOptions &m_options;
    LayoutCache &m_cache;
    CompoundPieces m_pieces;
    std::vector<Size> m_size;        ///< per item
    std::vector<Drawing> m_drawings; ///< per group
};

} // namespace

Result<CompoundLayout> layoutModules(const CompoundGraph &graph, const CompoundOptions &options,
                                     LayoutCache &cache, const JobContext &job)
{
    assert(!graph.items.empty() && graph.items.front().isGroup);
    return ModuleLayouter(graph, options, cache).run(job);
}

} // namespace syncpoint
