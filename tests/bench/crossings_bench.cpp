#include "tests/bench/benches.h"

#include "core/layout/layered_layout.h"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>

namespace syncpoint::bench {
namespace {

struct Segment
{
    LayoutPoint a, b;
    std::uint32_t edge = 0;
};

/// Layers of branches that meet again, with a few long skips: what models of a few hundred ops look
/// like.
LayoutGraph branchingGraph(std::size_t nodes, unsigned seed)
{
    std::mt19937 random(seed);
    LayoutGraph graph;
    graph.nodes.assign(nodes, {208.0, 40.0, LayoutNode::Pin::None});
    for (std::uint32_t node = 1; node < nodes; ++node) {
        const std::uint32_t reach = node % 11 == 0 ? 30 : 6;
        const std::uint32_t inputs = 1 + random() % 2;
        for (std::uint32_t i = 0; i < inputs; ++i) {
            const std::uint32_t back = 1 + static_cast<std::uint32_t>(random() % reach);
            graph.edges.push_back(
                {back > node ? 0 : node - back, node, 0, LayoutEdge::kAuto, LayoutEdge::kAuto});
        }
    }
    return graph;
}

double turn(const LayoutPoint &a, const LayoutPoint &b, const LayoutPoint &c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool cross(const Segment &s, const Segment &t)
{
    return turn(s.a, s.b, t.a) * turn(s.a, s.b, t.b) < 0.0 &&
           turn(t.a, t.b, s.a) * turn(t.a, t.b, s.b) < 0.0;
}

/// Edges that share an op do not count: their lines meet there anyway.
std::size_t crossings(const LayoutGraph &graph, const std::vector<Segment> &segments)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        for (std::size_t j = i + 1; j < segments.size(); ++j) {
            const LayoutEdge &a = graph.edges[segments[i].edge];
            const LayoutEdge &b = graph.edges[segments[j].edge];
            const bool meet = a.source == b.source || a.target == b.target ||
                              a.source == b.target || a.target == b.source;
            count += !meet && cross(segments[i], segments[j]) ? 1U : 0U;
        }
    }
    return count;
}

std::vector<Segment> ours(const LayoutGraph &graph)
{
    LayoutOptions options;
    options.maxSpan = 1000; // dot draws every edge
    const auto layout = layoutLayered(graph, options, JobContext{});
    std::vector<Segment> segments;
    for (std::uint32_t e = 0; layout && e < graph.edges.size(); ++e) {
        for (std::uint32_t p = layout->edgeStart[e] + 1; p < layout->edgeStart[e + 1]; ++p) {
            segments.push_back({layout->points[p - 1], layout->points[p], e});
        }
    }
    return segments;
}

/// dot's lines, through the ends of its curves; empty when dot is not installed.
std::vector<Segment> dots(const LayoutGraph &graph, const std::string &file)
{
    {
        std::ofstream out(file);
        out << "digraph g { node [shape=box, fixedsize=true, width=2.9, height=0.55];\n";
        for (std::size_t e = 0; e < graph.edges.size(); ++e) {
            out << graph.edges[e].source << " -> " << graph.edges[e].target << ";\n";
        }
        out << "}\n";
    }
    const std::string drawn = file + ".plain";
    if (std::system(fmt::format("dot -Tplain -o {} {} 2>/dev/null", drawn, file).c_str()) != 0) {
        return {};
    }
    std::vector<Segment> segments;
    std::ifstream in(drawn);
    std::vector<bool> used(graph.edges.size(), false);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string kind;
        std::uint32_t source = 0, target = 0;
        std::size_t points = 0;
        if (!(words >> kind) || kind != "edge" || !(words >> source >> target >> points)) {
            continue;
        }
        std::uint32_t edge = 0;
        while (edge < graph.edges.size() && (used[edge] || graph.edges[edge].source != source ||
                                             graph.edges[edge].target != target)) {
            ++edge;
        }
        if (edge == graph.edges.size()) {
            continue;
        }
        used[edge] = true;
        std::optional<LayoutPoint> last;
        for (std::size_t p = 0; p < points; ++p) {
            LayoutPoint point;
            words >> point.x >> point.y;
            if (p % 3 == 0) {
                if (last) {
                    segments.push_back({*last, point, edge});
                }
                last = point;
            }
        }
    }
    return segments;
}

} // namespace

void crossingsBench(BenchReport &report)
{
    const std::filesystem::path folder = SYNCPOINT_BENCH_DATA;
    std::filesystem::create_directories(folder);
    std::size_t mine = 0;
    std::size_t theirs = 0;
    for (const std::size_t nodes : {60U, 120U, 200U, 300U}) {
        for (unsigned seed = 1; seed <= 3; ++seed) {
            const LayoutGraph graph = branchingGraph(nodes, seed);
            const auto reference = dots(graph, (folder / "crossings.dot").string());
            if (reference.empty()) {
                report.skip("crossings", "dot is not installed");
                return;
            }
            mine += crossings(graph, ours(graph));
            theirs += crossings(graph, reference);
        }
    }
    report.add({"crossings against dot", static_cast<double>(mine) / static_cast<double>(theirs),
                "times", 1.3, false,
                fmt::format("{} here, {} there; 12 graphs of 60 to 300 ops", mine, theirs)});
}

} // namespace syncpoint::bench
