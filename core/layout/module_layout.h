#pragma once
#include "core/layout/layout_cache.h"
#include "core/layout/layout_graph.h"

#include "core/base/job_context.h"
#include "core/base/result.h"

#include <cstdint>
#include <vector>

namespace syncpoint {

/// Boxes within boxes. Item 0 is the whole drawing; a parent comes before its children.
struct CompoundGraph
{
    struct Item
    {
        std::uint32_t parent = 0;
        bool isGroup = false;
        double width = 0.0; ///< of a box; the least size of a group
        double height = 0.0;
    };
    struct Edge
    {
        std::uint32_t source = 0; ///< items, boxes as well as groups
        std::uint32_t target = 0;
        std::uint32_t net = 0; ///< edges of one source and net carry the same value
    };
    std::vector<Item> items;
    std::vector<Edge> edges;
};

struct CompoundOptions
{
    LayoutOptions layered;
    double padding = 12.0; ///< between a group's border and its content
    double header = 24.0;  ///< above the padding, for a group's title
};

/// Absolute positions. Edges as in Layout: one polyline through all group borders, empty when a
/// part of the way is not routed.
struct CompoundLayout
{
    struct Box
    {
        double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
    };
    std::vector<Box> items;
    std::vector<std::uint32_t> edgeStart;
    std::vector<LayoutPoint> points;
};

/// Lays every group out alone, innermost first. Where a value enters or leaves a group, a port on
/// its border carries the edge on. Fails only with ErrorCode::Cancelled.
Result<CompoundLayout> layoutModules(const CompoundGraph &graph, const CompoundOptions &options,
                                     LayoutCache &cache, const JobContext &job);

} // namespace syncpoint
