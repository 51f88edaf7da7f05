#pragma once
#include "core/layout/layout_graph.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace syncpoint {

/// Drawings of groups by structure, shared between jobs: a repeated block is laid out once, and
/// expanding a module computes only what is new. Thread-safe.
class LayoutCache
{
public:
    std::shared_ptr<const Layout> find(const LayoutGraph &graph,
                                       const LayoutOptions &options) const;
    /// Forgets everything first when the cache is full.
    void add(LayoutGraph graph, const LayoutOptions &options, std::shared_ptr<const Layout> layout);

private:
    struct Entry
    {
        LayoutGraph graph;
        LayoutOptions options;
        std::shared_ptr<const Layout> layout;
    };
    static constexpr std::size_t kMostElements = 2'000'000; ///< nodes and edges kept
    mutable std::mutex m_mutex;
    std::unordered_multimap<std::uint64_t, Entry> m_entries;
    std::size_t m_elements = 0;
};

} // namespace syncpoint
