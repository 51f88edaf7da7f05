#include "viewers/graph/scene_trace.h"

#include <algorithm>
#include <iterator>

namespace syncpoint {
namespace {

/// An opened module has no edges of its own: what is inside of it starts the walk.
std::vector<std::uint32_t> startsOf(const GraphScene &scene, std::uint32_t box)
{
    std::vector<std::uint32_t> starts{box};
    if (box < scene.boxes.size() && scene.boxes[box].kind == SceneBox::Kind::Expanded) {
        for (std::uint32_t b = box + 1; b < scene.boxes.size(); ++b) {
            for (std::uint32_t up = scene.boxes[b].parent; up != 0; up = scene.boxes[up].parent) {
                if (up == box) {
                    starts.push_back(b);
                    break;
                }
            }
        }
    }
    return starts;
}

SceneTrace walk(const GraphScene &scene, std::uint32_t from, bool forward)
{
    SceneTrace trace;
    if (from >= scene.boxes.size()) {
        return trace;
    }
    std::vector<std::uint32_t> open = startsOf(scene, from);
    trace.boxes.insert(open.begin(), open.end());
    while (!open.empty()) {
        const std::uint32_t box = open.back();
        open.pop_back();
        for (const std::uint32_t e : forward ? scene.outgoing(box) : scene.incoming(box)) {
            const SceneEdge &edge = scene.edges[e];
            trace.edges.insert(e);
            const std::uint32_t next = forward ? edge.target : edge.source;
            if (trace.boxes.insert(next).second) {
                open.push_back(next);
            }
        }
    }
    return trace;
}

template <typename T>
std::set<T> common(const std::set<T> &a, const std::set<T> &b)
{
    std::set<T> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
    return both;
}

} // namespace

SceneTrace traceInputs(const GraphScene &scene, std::uint32_t box)
{
    return walk(scene, box, false);
}

SceneTrace traceOutputs(const GraphScene &scene, std::uint32_t box)
{
    return walk(scene, box, true);
}

SceneTrace tracePaths(const GraphScene &scene, std::uint32_t one, std::uint32_t other)
{
    if (one == other) {
        return {};
    }
    for (const auto &[from, to] : {std::pair(one, other), std::pair(other, one)}) {
        const SceneTrace down = traceOutputs(scene, from);
        if (down.boxes.contains(to)) {
            const SceneTrace up = traceInputs(scene, to);
            return {common(down.boxes, up.boxes), common(down.edges, up.edges)};
        }
    }
    return {};
}

} // namespace syncpoint
