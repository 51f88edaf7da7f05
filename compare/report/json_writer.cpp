#include "compare/metric/metric.h"
#include "compare/report/json_parts.h"
#include "compare/report/placement_json.h"
#include "compare/report/report_text.h"
#include "compare/report/report_writer.h"
#include "compare/session/value_tensors.h"

#include <algorithm>

namespace syncpoint {

namespace {
using nlohmann::ordered_json;

ordered_json metricsOf(const Measurement &measurement)
{
    ordered_json out;
    for (const auto &metric : builtinMetrics()) {
        const MetricDescriptor descriptor = metric->descriptor();
        if (descriptor.isDefault || measurement.value(descriptor.id)) {
            out[std::string(descriptor.id)] = jsonNumber(measurement.value(descriptor.id));
        }
    }
    return out;
}

ordered_json sideOf(const ComparedSide &side, const SideConfig &config)
{
    return {{"path", side.path},
            {"sha256", side.sha256.empty() ? ordered_json() : ordered_json(side.sha256)},
            {"format", side.graph->info().format},
            {"ops", side.graph->nodes().size()},
            {"runtime", side.dump && !side.dump->runtime.empty() ? ordered_json(side.dump->runtime)
                                                                 : ordered_json()},
            {"optimization", optimizationName(config.optimize)},
            {"dump", config.dump ? ordered_json(config.dump->string()) : ordered_json()}};
}

ordered_json settingsJson(const ComparisonResult &result)
{
    constexpr std::array kLevels{"none", "tensors", "replay", "auto"};
    const SessionConfig &config = result.config;
    return {{"metric", config.metric},
            {"peak", toText(config.settings.peak)},
            {"profile", result.profile.name},
            {"profile_metric", result.profile.metric},
            {"ok_from", jsonNumber(result.profile.okFrom)},
            {"bad_below", jsonNumber(result.profile.badBelow)},
            {"attribution", kLevels[static_cast<std::size_t>(config.attribution)]},
            {"atol", config.settings.atol},
            {"rtol", config.settings.rtol},
            {"min_coverage", config.minCoverage},
            {"repeat", config.repeat},
            {"warmup", config.warmup}};
}

/// A number for one element, a list for more, null for none.
template <typename T>
ordered_json scalarOrList(const std::vector<T> &values)
{
    if (values.empty()) {
        return nullptr;
    }
    return values.size() == 1 ? ordered_json(values.front()) : ordered_json(values);
}

ordered_json attributionOf(const PointAttribution &attribution)
{
    constexpr std::array kLevels{"none", "tensors", "replay"};
    return {{"level", kLevels[static_cast<std::size_t>(attribution.level)]},
            {"introduced", jsonNumber(attribution.introduced)},
            {"propagated", jsonNumber(attribution.propagated)},
            {"cross", jsonNumber(attribution.cross)},
            {"weight_part", jsonNumber(attribution.weightPart)},
            {"kernel_part", jsonNumber(attribution.kernelPart)},
            {"excess", jsonNumber(attribution.excess)},
            {"not_replayed",
             attribution.obstacle.empty() ? ordered_json() : ordered_json(attribution.obstacle)},
            {"faults", attribution.faults},
            {"reaching_output", jsonNumber(attribution.reachingOutput)},
            {"nsr", jsonNumber(attribution.nsr)},
            {"delta_nsr", jsonNumber(attribution.deltaNsr)},
            {"gain", jsonNumber(attribution.gain)},
            {"source", attribution.isSource},
            {"hints", attribution.hints}};
}

ordered_json pointOf(const ComparisonResult &result, SyncPointId id)
{
    const SyncPoint &pair = result.alignment.point(id);
    const PointResult &point = result.point(id);
    const bool compared = point.status == PointStatus::Compared;
    const bool hasState = compared || !point.overall.values.empty();
    ordered_json out =
        jsonPoint(*result.baseline.graph, *result.candidate.graph, result.alignment, id);
    if (const auto where = locateValue(result.baseline, pair.reference, 0)) {
        out["baseline"] =
            jsonValue(*result.baseline.graph, pair.reference, pair.referenceNode, &where->info);
    }
    const auto where = locateValue(result.candidate, pair.candidate, 0);
    if (where) {
        out["candidate"] =
            jsonValue(*result.candidate.graph, pair.candidate, pair.candidateNode, &where->info);
    }
    const bool quantized = where && where->quantization && pair.transform.dequantize;
    out["candidate"]["scale"] =
        quantized ? scalarOrList(where->quantization->scales) : ordered_json();
    out["candidate"]["zero_point"] =
        quantized ? scalarOrList(where->quantization->zeroPoints) : ordered_json();
    out["candidate"]["placement"] =
        point.candidatePlacement.empty() ? ordered_json() : ordered_json(point.candidatePlacement);
    out["candidate"]["placement_report"] =
        point.candidateReport ? placementToJson(*point.candidateReport) : ordered_json();
    out["status"] = pointStatusName(point.status);
    out["state"] = hasState ? ordered_json(pairStateName(point.overall.state)) : ordered_json();
    out["severity"] = compared ? ordered_json(severityName(point.severity)) : ordered_json();
    out["metrics"] = compared ? metricsOf(point.overall) : ordered_json();
    Peak used = result.config.settings.peak;
    used.mode = point.overall.peakMode;
    out["peak"] =
        compared ? ordered_json{{"mode", toText(used)}, {"value", jsonNumber(point.overall.peak)}}
                 : ordered_json();
    out["samples"] =
        compared ? ordered_json{{"worst", point.worstSample}, {"median", point.medianSample}}
                 : ordered_json();
    out["noise"] = point.noise
                       ? ordered_json{{"mse", *point.noise}, {"within", point.isWithinNoise}}
                       : ordered_json();
    out["attribution"] = attributionOf(point.attribution);
    out["latency_us"] = {{"baseline", jsonNumber(point.baselineMicroseconds)},
                         {"candidate", jsonNumber(point.candidateMicroseconds)}};
    return out;
}

ordered_json modulesOf(const ComparisonResult &result)
{
    auto out = ordered_json::array();
    for (const ModuleScore &score : result.modules) {
        out.push_back({{"path", result.baseline.graph->module(score.module).path},
                       {"sync_points", score.syncPoints},
                       {"ok", score.ok},
                       {"warn", score.warn},
                       {"bad", score.bad},
                       {"worst", jsonNumber(score.worst)},
                       {"median", jsonNumber(score.median)},
                       {"introduced_share", jsonNumber(score.introducedShare)},
                       {"parameter_share", jsonNumber(score.parameterShare)},
                       {"parameters", score.parameters},
                       {"bytes", score.bytes},
                       {"latency_us",
                        {{"baseline", jsonNumber(score.baselineMicroseconds)},
                         {"candidate", jsonNumber(score.candidateMicroseconds)}}}});
    }
    return out;
}

ordered_json outputsOf(const ComparisonResult &result)
{
    auto out = ordered_json::array();
    for (const OutputScore &output : result.outputScores) {
        const SyncPoint &pair = result.alignment.point(output.point);
        const PointResult &point = output.score;
        const PointResult &captured = result.point(output.point);
        const bool compared = point.status == PointStatus::Compared;
        out.push_back(
            {{"baseline", result.baseline.graph->qualifiedName(pair.reference)},
             {"candidate", result.candidate.graph->qualifiedName(pair.candidate)},
             {"status", pointStatusName(point.status)},
             {"state",
              compared ? ordered_json(pairStateName(point.overall.state)) : ordered_json()},
             {"severity", compared ? ordered_json(severityName(point.severity)) : ordered_json()},
             {"metrics", compared ? metricsOf(point.overall) : ordered_json()},
             {"run", output.plain ? "plain" : "captured"},
             {"captured_metrics", captured.status == PointStatus::Compared
                                      ? metricsOf(captured.overall)
                                      : ordered_json()}});
    }
    return out;
}

/// The ops that a suspicion covers.
ordered_json regionOf(const ComparisonResult &result, SyncPointId id)
{
    auto out = ordered_json::array();
    out.push_back(pointName(result, id));
    for (const NodeId node : result.point(id).attribution.region) {
        out.push_back(result.baseline.graph->displayName(node));
    }
    return out;
}

ordered_json divergenceOf(const ComparisonResult &result)
{
    const Divergence &divergence = result.divergence;
    ordered_json out{{"verdict", verdictName(divergence.verdict)},
                     {"sentence", divergence.sentence},
                     {"stability", jsonNumber(divergence.stability)},
                     {"path", ordered_json::array()},
                     {"ops", ordered_json::array()},
                     {"suspects", ordered_json::array()}};
    for (const SyncPointId id : divergence.path) {
        out["path"].push_back(pointName(result, id));
    }
    for (const SyncPointId id : divergence.start) {
        const SyncPoint &pair = result.alignment.point(id);
        const auto suspect =
            std::find_if(divergence.suspects.begin(), divergence.suspects.end(),
                         [id](const Divergence::Suspect &other) { return other.point == id; });
        const auto place =
            jsonValue(*result.baseline.graph, pair.reference, pair.referenceNode, nullptr);
        out["ops"].push_back(
            {{"node", pointName(result, id)},
             {"candidate_node",
              pair.candidateNode.isValid()
                  ? ordered_json(result.candidate.graph->displayName(pair.candidateNode))
                  : ordered_json()},
             {"module", place["module"]},
             {"source", place["source"]},
             {"introduced_share",
              suspect == divergence.suspects.end() ? ordered_json() : jsonNumber(suspect->share)}});
    }
    for (const Divergence::Suspect &suspect : divergence.suspects) {
        out["suspects"].push_back(
            {{"node", pointName(result, suspect.point)},
             {"region", regionOf(result, suspect.point)},
             {"introduced",
              jsonNumber(result.point(suspect.point).attribution.introducedOrDelta())},
             {"score", jsonNumber(suspect.score)},
             {"share", jsonNumber(suspect.share)},
             {"faulty", suspect.isFaulty},
             {"hints", suspect.hints}});
    }
    return out;
}

const LatencySummary *latencyOf(const ComparedSide &side)
{
    return side.dump && side.dump->profile && side.dump->profile->latency
               ? &*side.dump->profile->latency
               : nullptr;
}

ordered_json latencyJson(const LatencySummary *latency)
{
    if (latency == nullptr) {
        return nullptr;
    }
    return {{"p50_us", jsonNumber(latency->p50)},
            {"p90_us", jsonNumber(latency->p90)},
            {"p95_us", jsonNumber(latency->p95)},
            {"p99_us", jsonNumber(latency->p99)},
            {"mean_us", jsonNumber(latency->mean)},
            {"stdev_us", jsonNumber(latency->stdev)},
            {"min_us", jsonNumber(latency->min)},
            {"max_us", jsonNumber(latency->max)},
            {"runs", latency->runs}};
}

class JsonWriter final : public ReportWriter
{
public:
    std::string_view id() const override { return "json"; }
    std::string_view title() const override { return "JSON, everything (docs/report-schema.md)"; }
    Result<std::string> render(const Report &report) const override
    {
        const ComparisonResult &result = *report.result;
        const Coverage &coverage = result.coverage;
        ordered_json out = jsonDocument();
        out["baseline"] = sideOf(result.baseline, result.config.baseline);
        out["candidate"] = sideOf(result.candidate, result.config.candidate);
        out["inputs"] = {{"source", result.inputsSource},
                         {"samples", result.samples},
                         {"seed", result.config.inputs.seed}};
        out["settings"] = settingsJson(result);
        out["coverage"] = {
            {"matchable", coverage.matchable}, {"compared", coverage.compared},
            {"absorbed", coverage.absorbed},   {"unmatched", coverage.unmatched},
            {"one_sided", coverage.oneSided},  {"ratio", jsonNumber(coverage.ratio())}};
        out["sync_points"] = ordered_json::array();
        for (std::size_t i = 0; i < result.points.size(); ++i) {
            out["sync_points"].push_back(pointOf(result, SyncPointId(i)));
        }
        out["unmatched"] = {
            {"baseline", jsonUnmatched(*result.baseline.graph, result.alignment.reference)},
            {"candidate", jsonUnmatched(*result.candidate.graph, result.alignment.candidate)}};
        out["modules"] = modulesOf(result);
        out["outputs"] = outputsOf(result);
        out["divergence"] = divergenceOf(result);
        const LatencySummary *before = latencyOf(result.baseline);
        const LatencySummary *after = latencyOf(result.candidate);
        const bool both = before != nullptr && after != nullptr && after->p50 > 0.0;
        out["latency"] = {
            {"baseline", latencyJson(before)},
            {"candidate", latencyJson(after)},
            {"speedup", both ? jsonNumber(before->p50 / after->p50) : ordered_json()}};
        out["diagnostics"] = jsonDiagnostics(result.diagnostics);
        return jsonText(out);
    }
};
} // namespace

std::unique_ptr<ReportWriter> makeJsonWriter()
{
    return std::make_unique<JsonWriter>();
}

} // namespace syncpoint
