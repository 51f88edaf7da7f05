#include "core/layout/layered_layout.h"

#include "core/layout/brandes_koepf.h"
#include "core/layout/crossing_reduction.h"
#include "core/layout/edge_routing.h"
#include "core/layout/proper_graph.h"
#include "core/layout/ranking.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace syncpoint {
namespace {

constexpr double kPageRatio = 1.6; ///< width to height that packing of components aims at

Result<Layout> layoutComponent(const LayoutGraph &graph, const LayoutOptions &options,
                               const JobContext &job)
{
    const Ranking ranking = rankNodes(graph);
    if (job.isCancelled()) {
        return JobContext::cancelledError();
    }
    ProperGraph proper = makeProper(graph, ranking, options);
    reduceCrossings(proper, options.sweeps, job);
    if (job.isCancelled()) {
        return JobContext::cancelledError();
    }
    const auto centres = assignCoordinates(proper, options.nodeGap, options.edgeGap);
    if (job.isCancelled()) {
        return JobContext::cancelledError();
    }
    return routeEdges(graph, ranking, proper, centres, options);
}

/// Index of the weakly connected component of every node, numbered by first node.
std::vector<std::uint32_t> componentOfNodes(const LayoutGraph &graph, std::uint32_t &count)
{
    std::vector<std::uint32_t> leader(graph.nodes.size());
    std::iota(leader.begin(), leader.end(), 0U);
    const auto find = [&leader](std::uint32_t node) {
        while (leader[node] != node) {
            leader[node] = leader[leader[node]];
            node = leader[node];
        }
        return node;
    };
    for (const LayoutEdge &edge : graph.edges) {
        const std::uint32_t a = find(edge.source);
        const std::uint32_t b = find(edge.target);
        leader[std::max(a, b)] = std::min(a, b);
    }
    std::vector<std::uint32_t> component(graph.nodes.size());
    count = 0;
    for (std::uint32_t node = 0; node < component.size(); ++node) {
        const std::uint32_t first = find(node);
        component[node] = first == node ? count++ : component[first];
    }
    return component;
}

struct Component
{
    LayoutGraph graph;
    std::vector<std::uint32_t> nodes, edges; ///< indices in the whole graph
    Layout layout;
};

std::vector<Component> split(const LayoutGraph &graph, const std::vector<std::uint32_t> &component,
                             std::uint32_t count)
{
    std::vector<Component> parts(count);
    std::vector<std::uint32_t> local(graph.nodes.size());
    for (std::uint32_t node = 0; node < graph.nodes.size(); ++node) {
        Component &part = parts[component[node]];
        local[node] = static_cast<std::uint32_t>(part.nodes.size());
        part.nodes.push_back(node);
        part.graph.nodes.push_back(graph.nodes[node]);
    }
    for (std::uint32_t e = 0; e < graph.edges.size(); ++e) {
        LayoutEdge edge = graph.edges[e];
        Component &part = parts[component[edge.source]];
        edge.source = local[edge.source];
        edge.target = local[edge.target];
        part.edges.push_back(e);
        part.graph.edges.push_back(edge);
    }
    return parts;
}

/// Rows of components, each as high as its highest. Returns the top-left corners.
std::vector<LayoutPoint> pack(const std::vector<Component> &parts, const LayoutOptions &options,
                              Layout &whole)
{
    double area = 0.0;
    double rowWidth = 0.0;
    for (const Component &part : parts) {
        area += (part.layout.width + options.nodeGap) * (part.layout.height + options.rankGap);
        rowWidth = std::max(rowWidth, part.layout.width);
    }
    rowWidth = std::max(rowWidth, std::sqrt(area * kPageRatio));
    std::vector<LayoutPoint> corners;
    double x = 0.0;
    double y = 0.0;
    double rowHeight = 0.0;
    for (const Component &part : parts) {
        if (x > 0.0 && x + part.layout.width > rowWidth) {
            x = 0.0;
            y += rowHeight + options.rankGap;
            rowHeight = 0.0;
        }
        corners.push_back({x, y});
        whole.width = std::max(whole.width, x + part.layout.width);
        x += std::ceil(part.layout.width) + options.nodeGap;
        rowHeight = std::max(rowHeight, std::ceil(part.layout.height));
        whole.height = std::max(whole.height, y + part.layout.height);
    }
    return corners;
}

Layout merge(const LayoutGraph &graph, const std::vector<Component> &parts,
             const LayoutOptions &options)
{
    Layout whole;
    const auto corners = pack(parts, options, whole);
    whole.nodes.resize(graph.nodes.size());
    whole.rank.resize(graph.nodes.size());
    whole.edgeStart.assign(graph.edges.size() + 1, 0);
    for (std::size_t c = 0; c < parts.size(); ++c) {
        const Component &part = parts[c];
        for (std::size_t i = 0; i < part.nodes.size(); ++i) {
            const LayoutPoint &at = part.layout.nodes[i];
            whole.nodes[part.nodes[i]] = {at.x + corners[c].x, at.y + corners[c].y};
            whole.rank[part.nodes[i]] = part.layout.rank[i];
        }
        for (std::size_t i = 0; i < part.edges.size(); ++i) {
            whole.edgeStart[part.edges[i] + 1] =
                part.layout.edgeStart[i + 1] - part.layout.edgeStart[i];
        }
    }
    std::partial_sum(whole.edgeStart.begin(), whole.edgeStart.end(), whole.edgeStart.begin());
    whole.points.resize(whole.edgeStart.back());
    for (std::size_t c = 0; c < parts.size(); ++c) {
        const Layout &layout = parts[c].layout;
        for (std::size_t i = 0; i < parts[c].edges.size(); ++i) {
            std::uint32_t to = whole.edgeStart[parts[c].edges[i]];
            for (std::uint32_t p = layout.edgeStart[i]; p < layout.edgeStart[i + 1]; ++p) {
                whole.points[to++] = {layout.points[p].x + corners[c].x,
                                      layout.points[p].y + corners[c].y};
            }
        }
    }
    return whole;
}

} // namespace

Result<Layout> layoutLayered(const LayoutGraph &graph, const LayoutOptions &options,
                             const JobContext &job)
{
    std::uint32_t count = 0;
    const auto component = componentOfNodes(graph, count);
    const bool hasPorts = std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const auto &node) {
        return node.pin != LayoutNode::Pin::None;
    });
    if (count <= 1 || hasPorts) { // ports of a group share one first and one last rank
        return layoutComponent(graph, options, job);
    }
    auto parts = split(graph, component, count);
    for (Component &part : parts) {
        auto layout = layoutComponent(part.graph, options, job);
        if (!layout) {
            return layout.error();
        }
        part.layout = std::move(layout).value();
    }
    return merge(graph, parts, options);
}

} // namespace syncpoint
