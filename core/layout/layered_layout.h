#pragma once
#include "core/layout/layout_graph.h"

#include "core/base/job_context.h"
#include "core/base/result.h"

namespace syncpoint {

/// A layered drawing (K. Sugiyama, S. Tagawa, M. Toda, 1981) of one flat graph, sources on top.
/// Connected components stand side by side in rows, in the order of their first node. The same
/// graph gives the same drawing. Fails only with ErrorCode::Cancelled.
Result<Layout> layoutLayered(const LayoutGraph &graph, const LayoutOptions &options,
                             const JobContext &job);

} // namespace syncpoint
