#pragma once
#include "viewers/graph/graph_scene.h"

#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/layout/module_layout.h"

#include <set>
#include <string>

namespace syncpoint {

struct SceneRequest
{
    std::shared_ptr<const GraphOutline> outline;
    std::shared_ptr<const ComparisonResult> result; ///< null: nothing is coloured
    Side side = Side::Baseline;
    std::set<std::string> expanded; ///< Group::key
};

/// Boxes, edges and positions. Runs on a worker thread; fails only with ErrorCode::Cancelled.
Result<std::shared_ptr<const GraphScene>> buildScene(const SceneRequest &request,
                                                     LayoutCache &cache, const JobContext &job);

/// Modules to open at first: level by level while at most about `boxes` boxes result, the top
/// level in any case when the model is one module.
std::set<std::string> initiallyExpanded(const GraphOutline &outline, std::size_t boxes = 48);

} // namespace syncpoint
