#pragma once
#include "viewers/graph/scene_builder.h"

#include <optional>

namespace syncpoint {

/// What the graph pane shows: one side, or both at common heights.
struct ScenePair
{
    std::shared_ptr<const GraphScene> main, other; ///< `other` is null unless both were asked for
};

struct ScenePairRequest
{
    std::shared_ptr<const ComparisonResult> result;
    Side side = Side::Baseline; ///< of `main`
    bool both = false;
    bool foldQuantization = true;
    /// Opened groups of both sides, by key; nothing: as many as fit.
    std::optional<std::set<std::string>> expanded;
    /// Made before with the same folding; null ones are made.
    std::shared_ptr<const GraphOutline> mainOutline, otherOutline;
};

/// Runs on a worker thread; fails only with ErrorCode::Cancelled.
Result<ScenePair> buildScenes(ScenePairRequest request, LayoutCache &cache, const JobContext &job);

/// The groups that a scene shows opened.
void addExpanded(const GraphScene &scene, std::set<std::string> &expanded);

} // namespace syncpoint
