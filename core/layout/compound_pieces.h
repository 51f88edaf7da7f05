#pragma once
#include "core/layout/module_layout.h"

#include <cstdint>
#include <vector>

namespace syncpoint {

/// The groups of a drawing and the pieces of edges within them: an edge is cut at every group
/// border on its way, where a port carries it on.
struct CompoundPieces
{
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    /// A piece of an edge within one group, between two of its children or ports.
    struct Segment
    {
        std::uint32_t group = 0;
        std::uint32_t source = 0, target = 0; ///< local nodes
        std::uint32_t index = 0;              ///< in the group's local graph
        std::uint32_t sourcePort = kNone;     ///< port of the child group where it leaves, …
        std::uint32_t targetPort = kNone;     ///< … and where it enters
        std::uint32_t net = 0;
    };
    /// A place on a group's border that one value passes.
    struct Port
    {
        std::uint32_t group = 0;
        std::uint32_t node = 0; ///< in the group's local graph
        bool isExit = false;
    };
    struct Group
    {
        std::vector<std::uint32_t> children; ///< items; local node i is child i, ports follow
        std::uint32_t nodeCount = 0;
        std::vector<std::uint32_t> segments;
        std::vector<std::uint32_t> ports;
    };
    struct Way
    {
        std::uint32_t start = 0, count = 0; ///< into waySegments, source to target
    };

    std::vector<std::uint32_t> groupOf;   ///< per item; kNone for boxes
    std::vector<std::uint32_t> localNode; ///< per item, in the graph of the group around it
    std::vector<Group> groups;
    std::vector<Segment> segments;
    std::vector<Port> ports;
    std::vector<Way> ways; ///< per edge; empty when there is nothing to draw
    std::vector<std::uint32_t> waySegments;
};

CompoundPieces cutAtBorders(const CompoundGraph &graph);

} // namespace syncpoint
