#include "core/layout/layout_cache.h"

#include "core/layout/structure_hash.h"

namespace syncpoint {
namespace {

std::uint64_t hashOf(const LayoutGraph &graph)
{
    StructureHash hasher;
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

} // namespace syncpoint
