#include "compare/session/point_measuring.h"

#include "compare/session/point_measurer.h"
#include "core/base/parallel_for.h"

namespace syncpoint {

namespace {
const NodeProfile *profileOf(const ComparedSide &side, NodeId node)
{
    if (!node.isValid() || !side.dump || !side.dump->profile) {
        return nullptr;
    }
    const auto found = side.dump->profile->nodes.find(side.graph->node(node).name);
    return found == side.dump->profile->nodes.end() ? nullptr : &found->second;
}

void addProfile(const ComparisonResult &result, const SyncPoint &point, PointResult &out)
{
    if (const NodeProfile *profile = profileOf(result.baseline, point.referenceNode)) {
        out.baselineMicroseconds = profile->microseconds;
    }
    if (const NodeProfile *profile = profileOf(result.candidate, point.candidateNode)) {
        out.candidateMicroseconds = profile->microseconds;
        out.candidatePlacement = profile->provider;
    }
    if (out.candidatePlacement.empty() && point.candidateNode.isValid()) {
        out.candidatePlacement = result.candidate.graph->node(point.candidateNode).placement;
    }
}
} // namespace

Result<void> measurePoints(ComparisonResult &result, const JobContext &job)
{
    const std::size_t count = result.alignment.points.size();
    job.beginStage("measuring", count);
    std::vector<PointResult> points(count);
    std::vector<Diagnostics> diagnostics(count);
    parallelFor(count, [&](std::size_t i) {
        if (job.isCancelled()) {
            return;
        }
        PointMeasurer measurer(result, SyncPointId{i}, locateValue);
        if (auto measured = measurer.measure(job, diagnostics[i])) { // a cancel is seen below
            points[i] = *std::move(measured);
        }
        addProfile(result, result.alignment.points[i], points[i]);
        job.advance();
    });
    if (job.isCancelled()) {
        return JobContext::cancelledError();
    }
    result.points = std::move(points);
    for (const Diagnostics &of : diagnostics) {
        result.diagnostics.insert(result.diagnostics.end(), of.begin(), of.end());
    }
    return {};
}

} // namespace syncpoint
