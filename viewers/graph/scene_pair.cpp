#include "viewers/graph/scene_pair.h"

#include "ui/models/result_index.h"
#include "viewers/graph/scene_alignment.h"

namespace syncpoint {
namespace {

Result<void> makeMissing(std::shared_ptr<const GraphOutline> &outline,
                         const ScenePairRequest &request, Side side, const JobContext &job)
{
    if (outline) {
        return {};
    }
    auto made = makeOutline(sideOf(*request.result, side).graph, request.foldQuantization, job);
    if (!made) {
        return made.error();
    }
    outline = std::move(made).value();
    return {};
}

} // namespace

Result<ScenePair> buildScenes(ScenePairRequest request, LayoutCache &cache, const JobContext &job)
{
    const Side otherSide = request.side == Side::Baseline ? Side::Candidate : Side::Baseline;
    if (const auto made = makeMissing(request.mainOutline, request, request.side, job); !made) {
        return made.error();
    }
    if (request.both) {
        if (const auto made = makeMissing(request.otherOutline, request, otherSide, job); !made) {
            return made.error();
        }
    }
    if (!request.expanded) {
        request.expanded = initiallyExpanded(*request.mainOutline);
        if (request.both) {
            request.expanded->merge(initiallyExpanded(*request.otherOutline));
        }
    }
    auto main = buildScene({request.mainOutline, request.result, request.side, *request.expanded},
                           cache, job);
    if (!main) {
        return main.error();
    }
    if (!request.both) {
        return ScenePair{std::move(main).value(), nullptr};
    }
    auto other = buildScene({request.otherOutline, request.result, otherSide, *request.expanded},
                            cache, job);
    if (!other) {
        return other.error();
    }
    if (request.side == Side::Baseline) {
        auto [here, there] = alignHeights(**main, **other);
        return ScenePair{std::move(here), std::move(there)};
    }
    auto [here, there] = alignHeights(**other, **main);
    return ScenePair{std::move(there), std::move(here)};
}

void addExpanded(const GraphScene &scene, std::set<std::string> &expanded)
{
    for (const SceneBox &box : scene.boxes) {
        if (box.kind == SceneBox::Kind::Expanded) {
            expanded.insert(scene.outline->groups[box.group].key);
        }
    }
}

} // namespace syncpoint
