#include "viewers/graph/scene_alignment.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace syncpoint {
namespace {

/// Heights of the tops of two boxes that show the same sync point.
struct Rung
{
    double baseline = 0.0, candidate = 0.0;
};

/// Each box is in one pair at most: collapsed modules meet at the first point both hold.
std::vector<Rung> matchedHeights(const GraphScene &baseline, const GraphScene &candidate)
{
    const auto boxOf = [](const GraphScene &scene, NodeId node) {
        if (!node.isValid() || node.index() >= scene.outline->leafOfNode.size()) {
            return GraphOutline::kNone;
        }
        const std::uint32_t leaf = scene.outline->leafOfNode[node.index()];
        return leaf == GraphOutline::kNone ? GraphOutline::kNone : scene.boxOfLeaf[leaf];
    };
    std::set<std::uint32_t> usedHere, usedThere;
    std::vector<Rung> rungs;
    for (const SyncPoint &point : baseline.result->alignment.points) {
        const std::uint32_t here = boxOf(baseline, point.referenceNode);
        const std::uint32_t there = boxOf(candidate, point.candidateNode);
        if (here == GraphOutline::kNone || there == GraphOutline::kNone ||
            usedHere.contains(here) || usedThere.contains(there)) {
            continue;
        }
        usedHere.insert(here);
        usedThere.insert(there);
        rungs.push_back({baseline.boxes[here].rect.top(), candidate.boxes[there].rect.top()});
    }
    return rungs;
}

/// The longest chain that goes down on both sides (patience sorting, O(n log n)).
std::vector<Rung> longestDescent(std::vector<Rung> rungs)
{
    std::sort(rungs.begin(), rungs.end(), [](const Rung &a, const Rung &b) {
        return a.baseline != b.baseline ? a.baseline < b.baseline : a.candidate > b.candidate;
    });
    std::vector<std::size_t> ends; ///< ends[k]: last rung of the best chain of k + 1
    std::vector<std::size_t> before(rungs.size(), rungs.size());
    for (std::size_t r = 0; r < rungs.size(); ++r) {
        const auto place = std::lower_bound(
            ends.begin(), ends.end(), rungs[r].candidate,
            [&rungs](std::size_t end, double height) { return rungs[end].candidate < height; });
        if (place != ends.begin()) {
            before[r] = *std::prev(place);
        }
        if (place == ends.end()) {
            ends.push_back(r);
        } else {
            *place = r;
        }
    }
    std::vector<Rung> chain;
    for (std::size_t r = ends.empty() ? rungs.size() : ends.back(); r < rungs.size();
         r = before[r]) {
        chain.push_back(rungs[r]);
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
}

/// How far down everything from a height on has to move: a rising step function.
class Shift
{
public:
    void from(double height, double distance) { m_steps[height] = distance; }
    double at(double height) const
    {
        const auto after = m_steps.upper_bound(height);
        return after == m_steps.begin() ? 0.0 : std::prev(after)->second;
    }

private:
    std::map<double, double> m_steps;
};

std::pair<Shift, Shift> shiftsFor(const std::vector<Rung> &rungs)
{
    std::pair<Shift, Shift> shifts;
    double here = 0.0;
    double there = 0.0;
    for (const Rung &rung : rungs) {
        const double meeting = std::max(rung.baseline + here, rung.candidate + there);
        here = meeting - rung.baseline;
        there = meeting - rung.candidate;
        shifts.first.from(rung.baseline, here);
        shifts.second.from(rung.candidate, there);
    }
    return shifts;
}

/// A group grows: its lower edge follows what stands above it.
void moveDown(GraphScene &scene, const Shift &shift)
{
    std::vector<double> moved(scene.boxes.size(), 0.0); ///< by how much each box's top went down
    for (std::size_t b = 0; b < scene.boxes.size(); ++b) {
        SceneBox &box = scene.boxes[b];
        moved[b] = shift.at(box.rect.top());
        const double bottom = box.kind == SceneBox::Kind::Expanded
                                  ? box.rect.bottom() + shift.at(box.rect.bottom())
                                  : box.rect.bottom() + moved[b];
        box.rect.setTop(box.rect.top() + moved[b]);
        box.rect.setBottom(bottom);
    }
    for (const SceneEdge &edge : scene.edges) {
        if (edge.isChip()) {
            continue;
        }
        // The ends stay at their boxes, even where a step cuts through the box's height.
        QPointF *way = scene.points.data() + edge.firstPoint;
        const QPointF first(way[0].x(), way[0].y() + moved[edge.source]);
        const std::uint32_t last = edge.pointCount - 1;
        const QPointF end(way[last].x(), way[last].y() + moved[edge.target]);
        for (std::uint32_t p = 1; p < last; ++p) {
            way[p].ry() += shift.at(way[p].y());
        }
        way[0] = first;
        way[last] = end;
    }
    for (SceneChip &chip : scene.chips) {
        chip.rect.translate(0.0, moved[chip.box]);
    }
}

} // namespace

std::pair<std::shared_ptr<const GraphScene>, std::shared_ptr<const GraphScene>>
alignHeights(const GraphScene &baseline, const GraphScene &candidate)
{
    auto here = std::make_shared<GraphScene>(baseline);
    auto there = std::make_shared<GraphScene>(candidate);
    if (baseline.result && !baseline.boxes.empty() && !candidate.boxes.empty()) {
        const auto shifts = shiftsFor(longestDescent(matchedHeights(baseline, candidate)));
        moveDown(*here, shifts.first);
        moveDown(*there, shifts.second);
        const double bottom = std::max(here->boxes[0].rect.bottom(), there->boxes[0].rect.bottom());
        const double top = std::min(here->boxes[0].rect.top(), there->boxes[0].rect.top());
        for (const auto &scene : {here, there}) {
            scene->boxes[0].rect.setTop(top);
            scene->boxes[0].rect.setBottom(bottom);
        }
    }
    return {std::move(here), std::move(there)};
}

} // namespace syncpoint
