#include "compare/session/conclusions.h"

#include "compare/align/coverage.h"
#include "compare/attribute/attribute_tensors.h"
#include "compare/attribute/divergence.h"
#include "compare/attribute/hints.h"
#include "compare/metric/metric.h"
#include "compare/session/replay.h"

namespace syncpoint {

namespace {
std::vector<SyncPointId> pairedOutputs(const ComparisonResult &result, Diagnostics &diagnostics)
{
    const Graph &graph = *result.baseline.graph;
    std::vector<SyncPointId> outputs;
    for (const ValueId output : graph.mainScope().outputs) {
        const ValueOutcome &outcome = result.alignment.reference[output.index()];
        if (outcome.status == ValueStatus::Paired && outcome.point.isValid()) {
            outputs.push_back(outcome.point);
        } else {
            diagnostics.push_back(
                {Diagnostic::Severity::Warning, graph.qualifiedName(output),
                 "this output of the baseline has no counterpart in the candidate"});
        }
    }
    return outputs;
}

Coverage coverageOf(const ComparisonResult &result)
{
    const OpCoverage ops = matchableOps(*result.candidate.graph, result.alignment.candidate);
    Coverage coverage;
    coverage.matchable = ops.matchable.size();
    coverage.absorbed = ops.absorbed;
    coverage.oneSided = ops.oneSided.size();
    for (const MatchableOp &op : ops.matchable) {
        if (!op.point.isValid()) {
            ++coverage.unmatched;
        } else if (result.point(op.point).status == PointStatus::Compared) {
            ++coverage.compared;
        }
    }
    return coverage;
}

std::vector<PointError> errorsOf(const ComparisonResult &result)
{
    std::vector<PointError> errors(result.points.size());
    for (std::size_t i = 0; i < errors.size(); ++i) {
        const PointResult &point = result.points[i];
        if (point.status == PointStatus::Compared) {
            errors[i] = {true,
                         point.severity,
                         point.overall.state == PairState::NonfiniteMismatch,
                         point.overall.nsr(),
                         point.overall.statistics.sumEE,
                         point.overall.statistics.sumRR};
        }
    }
    return errors;
}

/// What the baseline's ops make of the candidate's inputs; empty where that is not wanted or cannot
/// be had.
Result<std::vector<ReplayedPoint>>
replay(ComparisonResult &result, const CompareEnvironment &environment, const JobContext &job)
{
    std::vector<ReplayedPoint> none;
    if (result.config.attribution == AttributionLevel::Tensors) {
        return none;
    }
    if (const std::string obstacle = replayObstacle(result, environment); !obstacle.empty()) {
        if (result.config.attribution == AttributionLevel::Replay) {
            result.diagnostics.push_back(
                {Diagnostic::Severity::Warning,
                 {},
                 obstacle + ", so ops are not replayed: the error is attributed from the captured "
                            "tensors alone"});
        }
        return none;
    }
    return replayBaseline(result, environment, result.diagnostics, job);
}

void setOwnShares(std::span<const ReplayedPoint> replayed, std::span<PointError> errors)
{
    for (std::size_t i = 0; i < replayed.size(); ++i) {
        const ReplayEnergies &sums = replayed[i].all;
        const double both = sums.introduced + sums.propagated;
        if (replayed[i].obstacle.empty() && both > 0.0) {
            errors[i].ownShare = sums.introduced / both;
        }
    }
}

void addHints(const ComparisonResult &result, std::vector<PointAttribution> &attributions)
{
    for (std::size_t i = 0; i < attributions.size(); ++i) {
        const PointResult &point = result.points[i];
        if (point.status != PointStatus::Compared) {
            continue;
        }
        HintInput input{&point.overall, {}, 0};
        if (point.channels) {
            input.channelNsr = point.channels->nsr;
            input.channelAxis = point.channels->axis;
        }
        auto &hints = attributions[i].hints; // what replay saw comes first
        for (std::string &hint : hintsFor(input)) {
            hints.push_back(std::move(hint));
        }
    }
}

Result<std::vector<PointError>>
attribute(ComparisonResult &result, const CompareEnvironment &environment, const JobContext &job)
{
    const auto replayed = replay(result, environment, job);
    if (!replayed) {
        return replayed.error();
    }
    auto errors = errorsOf(result);
    setOwnShares(*replayed, errors);
    auto attributions = attributeTensors(*result.baseline.graph, *result.candidate.graph,
                                         result.alignment, errors, result.outputs);
    applyReplay(*replayed, attributions);
    addHints(result, attributions);
    for (std::size_t i = 0; i < attributions.size(); ++i) {
        result.points[i].attribution = std::move(attributions[i]);
    }
    return errors;
}

/// Bytes of the model's file; 0 for a dump, whose size says nothing about the model's.
std::uint64_t modelBytes(const ComparedSide &side)
{
    if (side.dump && side.dump->path == side.path) {
        return 0;
    }
    std::error_code error;
    const auto size = std::filesystem::file_size(side.path, error);
    return error ? 0 : size;
}

void rollUp(ComparisonResult &result)
{
    const auto metric = metricIndex(result.config.metric);
    const bool higherIsBetter = !metric || builtinMetrics()[*metric]->descriptor().higherIsBetter;
    std::vector<ModulePoint> points(result.points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const PointResult &point = result.points[i];
        points[i] = {point.status == PointStatus::Compared,
                     point.severity,
                     point.overall.value(result.config.metric),
                     point.attribution.introducedOrDelta(),
                     point.baselineMicroseconds,
                     point.candidateMicroseconds};
    }
    result.modules = rollUpModules(*result.baseline.graph, *result.candidate.graph,
                                   result.alignment, points, higherIsBetter);
}
} // namespace

Result<void> drawConclusions(ComparisonResult &result, const CompareEnvironment &environment,
                             const JobContext &job)
{
    result.outputs = pairedOutputs(result, result.diagnostics);
    result.coverage = coverageOf(result);
    if (result.config.attribution == AttributionLevel::None) {
        rollUp(result);
        return {};
    }
    const auto errors = attribute(result, environment, job);
    if (!errors) {
        return errors.error();
    }
    rollUp(result);
    std::vector<PointAttribution> attributions;
    attributions.reserve(result.points.size());
    for (const PointResult &point : result.points) {
        attributions.push_back(point.attribution);
    }
    result.divergence = findDivergence(*result.baseline.graph, result.alignment, *errors,
                                       attributions, result.modules, modelBytes(result.candidate));
    return {};
}

} // namespace syncpoint
