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

const OpPlacement *reportOf(const ComparedSide &side, NodeId node)
{
    if (!node.isValid() || !side.placements) {
        return nullptr;
    }
    const auto found = side.placements->ops.find(node);
    return found == side.placements->ops.end() ? nullptr : &found->second;
}

/// What reports say wins over a run on this machine: they were asked for.
void addReports(const ComparisonResult &result, const SyncPoint &point, PointResult &out)
{
    if (const OpPlacement *report = reportOf(result.baseline, point.referenceNode);
        report != nullptr && report->microseconds) {
        out.baselineMicroseconds = report->microseconds;
    }
    const OpPlacement *report = reportOf(result.candidate, point.candidateNode);
    if (report == nullptr) {
        return;
    }
    out.candidateReport = *report;
    if (report->microseconds) {
        out.candidateMicroseconds = report->microseconds;
    }
    if (!report->ranOn.empty()) {
        out.candidatePlacement = report->ranOn;
    }
}

std::optional<double> timeOf(const NodeProfile &profile)
{
    const bool isMeasured = profile.runs > 0 || profile.microseconds > 0.0;
    return isMeasured ? std::optional(profile.microseconds) : std::nullopt;
}

void addProfile(const ComparisonResult &result, const SyncPoint &point, PointResult &out)
{
    if (const NodeProfile *profile = profileOf(result.baseline, point.referenceNode)) {
        out.baselineMicroseconds = timeOf(*profile);
    }
    if (const NodeProfile *profile = profileOf(result.candidate, point.candidateNode)) {
        out.candidateMicroseconds = timeOf(*profile);
        out.candidatePlacement = profile->provider;
    }
    if (out.candidatePlacement.empty() && point.candidateNode.isValid()) {
        out.candidatePlacement = result.candidate.graph->node(point.candidateNode).placement;
    }
    addReports(result, point, out);
}
} // namespace

Result<void> measurePoints(ComparisonResult &result, const JobContext &job)
{
    std::vector<SyncPointId> all;
    for (std::size_t i = 0; i < result.alignment.points.size(); ++i) {
        all.emplace_back(i);
    }
    result.points.resize(all.size());
    return measurePoints(result, all, job);
}

Result<void> measurePoints(ComparisonResult &result, const std::vector<SyncPointId> &which,
                           const JobContext &job)
{
    job.beginStage("measuring", which.size());
    std::vector<PointResult> points(which.size());
    std::vector<Diagnostics> diagnostics(which.size());
    parallelFor(which.size(), [&](std::size_t i) {
        if (job.isCancelled()) {
            return;
        }
        PointMeasurer measurer(result, which[i], locateValue);
        if (auto measured = measurer.measure(job, diagnostics[i])) { // a cancel is seen below
            points[i] = *std::move(measured);
        }
        addProfile(result, result.alignment.point(which[i]), points[i]);
        job.advance();
    });
    if (job.isCancelled()) {
        return JobContext::cancelledError();
    }
    for (std::size_t i = 0; i < which.size(); ++i) {
        result.points[which[i].index()] = std::move(points[i]);
        result.diagnostics.insert(result.diagnostics.end(), diagnostics[i].begin(),
                                  diagnostics[i].end());
    }
    return {};
}

} // namespace syncpoint
