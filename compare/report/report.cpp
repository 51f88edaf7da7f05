#include "compare/report/report.h"

#include "compare/report/heatmap.h"
#include "compare/report/report_tables.h"
#include "compare/report/report_text.h"
#include "compare/session/headline.h"
#include "compare/session/value_tensors.h"
#include "core/base/count_text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>

namespace syncpoint {

namespace {
std::string fileName(const std::string &path)
{
    return std::filesystem::path(path).filename().string();
}

Severity worstOutput(const ComparisonResult &result)
{
    Severity worst = Severity::Ok;
    for (const OutputScore &output : result.outputScores) {
        const PointResult &point = output.score;
        worst = point.status == PointStatus::Compared ? std::max(worst, point.severity) : worst;
    }
    return worst;
}

std::string verdictSentence(const ComparisonResult &result)
{
    if (!result.divergence.sentence.empty()) {
        return result.divergence.sentence;
    }
    return result.config.attribution == AttributionLevel::None
               ? "The scores were not attributed to ops (--attribute none)."
               : "No op stands out.";
}

std::vector<std::pair<std::string, std::string>> keyFacts(const ComparisonResult &result)
{
    const Coverage &coverage = result.coverage;
    std::vector<std::pair<std::string, std::string>> facts;
    for (const OutputScore &output : result.outputScores) {
        const PointResult &point = output.score;
        facts.emplace_back(
            fmt::format("Output {}", result.baseline.graph->qualifiedName(
                                         result.alignment.point(output.point).reference)),
            point.status == PointStatus::Compared ? scoreText(point.overall, result.config.metric)
                                                  : std::string(pointStatusName(point.status)));
    }
    facts.emplace_back("Coverage", fmt::format("{} ({} of {} ops)", percentText(coverage.ratio()),
                                               coverage.compared, coverage.matchable));
    std::size_t counts[3] = {0, 0, 0};
    for (const PointResult &point : result.points) {
        if (point.status == PointStatus::Compared) {
            ++counts[static_cast<std::size_t>(point.severity)];
        }
    }
    facts.emplace_back("Sync points",
                       fmt::format("{} ok, {} warn, {} bad", counts[0], counts[1], counts[2]));
    facts.emplace_back("Samples", std::to_string(result.samples));
    facts.emplace_back("Profile", fmt::format("{} (ok from {}, bad below {})", result.profile.name,
                                              numberText(result.profile.okFrom),
                                              numberText(result.profile.badBelow)));
    const auto latency = [](const ComparedSide &side) -> const LatencySummary * {
        return side.dump && side.dump->profile && side.dump->profile->latency
                   ? &*side.dump->profile->latency
                   : nullptr;
    };
    const LatencySummary *before = latency(result.baseline);
    const LatencySummary *after = latency(result.candidate);
    if (before != nullptr && after != nullptr && after->p50 > 0.0) {
        facts.emplace_back("Latency, median",
                           fmt::format("{} → {} ({:.2f}×)", microsecondsText(before->p50),
                                       microsecondsText(after->p50), before->p50 / after->p50));
    }
    return facts;
}

void addSideSettings(std::vector<std::pair<std::string, std::string>> &settings,
                     const std::string &name, const ComparedSide &side, const SideConfig &config)
{
    settings.emplace_back(name, side.path);
    settings.emplace_back(name + " SHA-256", side.sha256.empty() ? "not computed" : side.sha256);
    settings.emplace_back(name + " format", fmt::format("{}, {}, by {}", side.graph->info().format,
                                                        countText(side.graph->nodes().size(), "op"),
                                                        side.graph->info().producer.empty()
                                                            ? "an unknown producer"
                                                            : side.graph->info().producer));
    if (side.dump) {
        settings.emplace_back(name + " tensors",
                              config.dump
                                  ? config.dump->string()
                                  : fmt::format("run by {}, optimization {}",
                                                side.dump->runtime.empty() ? "an unknown runtime"
                                                                           : side.dump->runtime,
                                                optimizationName(config.optimize)));
    }
}

std::vector<std::pair<std::string, std::string>> settingsOf(const ComparisonResult &result)
{
    std::vector<std::pair<std::string, std::string>> settings;
    addSideSettings(settings, "Baseline", result.baseline, result.config.baseline);
    addSideSettings(settings, "Candidate", result.candidate, result.config.candidate);
    settings.emplace_back("Inputs", result.inputsSource);
    settings.emplace_back("Metric", metricTitle(result.config.metric, result.config.settings));
    settings.emplace_back("Tolerances",
                          fmt::format("atol {}, rtol {}, τ 1e-3 · rms(r)",
                                      result.config.settings.atol, result.config.settings.rtol));
    settings.emplace_back("Absorbed by fusion", std::to_string(result.coverage.absorbed));
    settings.emplace_back("Operations that the baseline lacks",
                          std::to_string(result.coverage.oneSided));
    settings.emplace_back("Order contradictions dropped",
                          std::to_string(result.alignment.reachabilityViolations));
    return settings;
}

ScoreChart chartOf(const ComparisonResult &result)
{
    ScoreChart chart;
    chart.axis = metricAxis(result.config.metric, result.config.settings);
    chart.length = result.points.size();
    if (result.profile.metric == result.config.metric) {
        chart.okFrom = result.profile.okFrom;
        chart.badBelow = result.profile.badBelow;
    }
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        const PointResult &point = result.points[i];
        if (point.status != PointStatus::Compared) {
            continue;
        }
        const bool exact = point.overall.state == PairState::Exact;
        const auto value = point.overall.value(result.config.metric);
        if (!exact && (!value || std::isnan(*value))) {
            continue;
        }
        chart.marks.push_back({i, exact ? chart.cap : std::clamp(*value, -chart.cap, chart.cap),
                               point.severity, pointName(result, SyncPointId(i)), exact});
    }
    return chart;
}

/// The ancestor of `module` at most `depth` below the root.
ModuleId ancestorAt(const Graph &graph, ModuleId module, std::size_t depth)
{
    std::vector<ModuleId> chain;
    for (ModuleId at = module; at.isValid() && chain.size() <= graph.modules().size();
         at = graph.module(at).parent) {
        chain.push_back(at);
    }
    return chain[chain.size() - std::min(chain.size(), depth + 1)];
}

/// Modules cut at `depth`, in order of their first op.
ModuleOverview overviewAt(const ComparisonResult &result, std::size_t depth)
{
    const Graph &graph = *result.baseline.graph;
    ModuleOverview overview;
    std::map<ModuleId, std::size_t> boxOf;
    std::vector<std::size_t> boxOfNode(graph.nodes().size());
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        const ModuleId module = ancestorAt(graph, graph.nodes()[i].module, depth);
        const auto [found, isNew] = boxOf.try_emplace(module, overview.boxes.size());
        if (isNew) {
            overview.boxes.push_back({graph.module(module).path, 0, std::nullopt, 0.0, 0.0});
        }
        boxOfNode[i] = found->second;
        ++overview.boxes[found->second].ops;
    }
    for (const ModuleScore &score : result.modules) {
        const auto found = boxOf.find(score.module);
        if (found == boxOf.end()) {
            continue;
        }
        auto &box = overview.boxes[found->second];
        const bool rootBox = !graph.module(score.module).parent.isValid();
        box.worst = score.bad > 0 ? Severity::Bad : score.warn > 0 ? Severity::Warn : Severity::Ok;
        box.introducedShare = rootBox ? 0.0 : score.introducedShare; // its row is the whole model
        box.parameterShare = rootBox ? 0.0 : score.parameterShare;
    }
    std::set<std::pair<std::size_t, std::size_t>> edges;
    for (const Value &value : graph.values()) {
        if (!value.producer.isValid()) {
            continue;
        }
        for (const NodeId consumer : value.consumers) {
            const std::size_t from = boxOfNode[value.producer.index()];
            const std::size_t to = boxOfNode[consumer.index()];
            if (from != to) {
                edges.emplace(from, to);
            }
        }
    }
    overview.edges.assign(edges.begin(), edges.end());
    return overview;
}

ModuleOverview overviewOf(const ComparisonResult &result)
{
    constexpr std::size_t kMostBoxes = 48;
    ModuleOverview overview = overviewAt(result, 1);
    for (const std::size_t depth : {std::size_t{2}, std::size_t{3}}) {
        ModuleOverview finer = overviewAt(result, depth);
        if (finer.boxes.size() > kMostBoxes) {
            break;
        }
        overview = std::move(finer);
    }
    return overview;
}

std::optional<ReportPicture> pictureOf(const ComparisonResult &result, SyncPointId id)
{
    constexpr std::uint64_t kMostElements = std::uint64_t{1} << 26U; // a picture is not worth more
    const SyncPoint &pair = result.alignment.point(id);
    const PointResult &point = result.point(id);
    const auto where = locateValue(result.baseline, pair.reference, point.worstSample);
    if (!where || where->info.elements() > kMostElements) {
        return std::nullopt;
    }
    const auto reference = readValue(result.baseline, pair.reference, point.worstSample);
    const auto raw = readValue(result.candidate, pair.candidate, point.worstSample);
    if (!reference || !raw) {
        return std::nullopt;
    }
    const auto candidate = applyTransform(*raw, pair.transform);
    const std::size_t lead =
        point.channels && point.channels->axis == 1 ? point.channels->worst : 0;
    if (!candidate || candidate->info().shape != reference->info().shape) {
        return std::nullopt;
    }
    const auto a = planeOf(*reference, lead);
    const auto b = planeOf(*candidate, lead);
    if (!a || !b) {
        return std::nullopt;
    }
    TensorPlane difference = *a;
    float largest = 0.0F;
    for (std::size_t i = 0; i < difference.values.size(); ++i) {
        difference.values[i] = b->values[i] - a->values[i];
        largest = std::isfinite(difference.values[i])
                      ? std::max(largest, std::abs(difference.values[i]))
                      : largest;
    }
    const ValueInterval shared = intervalOf(a->values, b->values);
    ReportPicture picture;
    picture.name = pointName(result, id);
    picture.caption =
        fmt::format("{} · introduced {} · slice {} · range {:.3g} … {:.3g}, difference ±{:.3g}",
                    scoreText(point.overall, result.config.metric),
                    numberText(point.attribution.introducedOrDelta()), a->slice, double{shared.low},
                    double{shared.high}, double{largest});
    picture.reference = drawPlane(*a, shared, ColorMap::Viridis);
    picture.candidate = drawPlane(*b, shared, ColorMap::Viridis);
    picture.difference = drawPlane(difference, {-largest, largest}, ColorMap::Diverging);
    return picture;
}
} // namespace

const ReportTable *Report::findTable(std::string_view id) const
{
    const auto found = std::find_if(tables.begin(), tables.end(),
                                    [id](const ReportTable &table) { return table.id == id; });
    return found == tables.end() ? nullptr : &*found;
}

Report buildReport(std::shared_ptr<const ComparisonResult> result, const ReportOptions &options)
{
    Report report;
    report.title = fmt::format("{} against {}", fileName(result->candidate.path),
                               fileName(result->baseline.path));
    report.verdict = verdictSentence(*result);
    report.level = worstOutput(*result);
    report.facts = keyFacts(*result);
    report.settings = settingsOf(*result);
    report.tables = buildTables(*result);
    report.chart = chartOf(*result);
    report.overview = overviewOf(*result);
    auto ranked = rankedByIntroduced(*result);
    for (std::size_t i = 0; i < ranked.size() && report.pictures.size() < options.pictures; ++i) {
        if (auto picture = pictureOf(*result, ranked[i])) {
            report.pictures.push_back(std::move(*picture));
        }
    }
    report.result = std::move(result);
    return report;
}

} // namespace syncpoint
