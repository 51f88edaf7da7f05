#pragma once
#include <cstdint>
#include <limits>
#include <vector>

namespace syncpoint {

/// A box to place, in logical pixels.
struct LayoutNode
{
    enum class Pin : std::uint8_t { None, First, Last }; ///< ports of a group: its first, last rank
    double width = 0.0;
    double height = 0.0;
    Pin pin = Pin::None;
    bool operator==(const LayoutNode &) const = default;
};

/// A directed edge. Edges of one source with the same `net` carry the same value and share their
/// way.
struct LayoutEdge
{
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    std::uint32_t net = 0;
    /// Where the edge leaves and enters, from the centre of the box; kAuto lets the layout choose.
    double sourcePort = kAuto;
    double targetPort = kAuto;
    static constexpr double kAuto = std::numeric_limits<double>::infinity();
    bool operator==(const LayoutEdge &) const = default;
};

struct LayoutGraph
{
    std::vector<LayoutNode> nodes;
    std::vector<LayoutEdge> edges; ///< cycles, self loops and repeated edges are allowed
    bool operator==(const LayoutGraph &) const = default;
};

struct LayoutPoint
{
    double x = 0.0;
    double y = 0.0;
    bool operator==(const LayoutPoint &) const = default;
};

struct LayoutOptions
{
    double rankGap = 32.0; ///< between the boxes of neighbouring ranks
    double nodeGap = 16.0; ///< between boxes of one rank
    double edgeGap = 8.0;  ///< around an edge that passes a rank
    /// Edges over more ranks are not routed; viewers show them as chips. Lowered when a graph would
    /// need an unreasonable number of dummy vertices.
    std::uint32_t maxSpan = 40;
    std::uint32_t sweeps = 8; ///< of crossing reduction, at most; three times as many if small
    bool operator==(const LayoutOptions &) const = default;
};

/// A drawing; vectors are parallel to the graph's. The top-left corner of everything is (0, 0).
struct Layout
{
    std::vector<LayoutPoint> nodes;  ///< top-left corners, whole pixels
    std::vector<std::uint32_t> rank; ///< row of each node within its connected component
    /// Edge e runs through points[edgeStart[e]] … points[edgeStart[e + 1] − 1], from its source's
    /// bottom to its target's top, y never decreasing (reversed for an edge that closes a cycle).
    /// Empty for edges that are not routed.
    std::vector<std::uint32_t> edgeStart;
    std::vector<LayoutPoint> points;
    double width = 0.0;
    double height = 0.0;
};

} // namespace syncpoint
