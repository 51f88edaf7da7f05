#include "app/cli/compare_summary.h"

#include "app/cli/output.h"
#include "compare/report/report_text.h"
#include "core/base/count_text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::size_t kWorst = 5;
constexpr std::size_t kMostModules = 12;
constexpr std::size_t kNameWidth = 60;

std::string_view mark(Severity severity)
{
    return severity == Severity::Ok ? "●" : severity == Severity::Warn ? "▲" : "■";
}

std::string headText(const ComparisonResult &result)
{
    const Coverage &coverage = result.coverage;
    return withoutControls(fmt::format("{} against {} · {}, inputs: {} · profile {}",
                                       result.candidate.path, result.baseline.path,
                                       countText(result.samples, "sample"), result.inputsSource,
                                       result.profile.name)) +
           fmt::format("\n\ncoverage    {} ({} of {} ops compared, {} absorbed by fusion, {} "
                       "unmatched{})\n",
                       percentText(coverage.ratio()), coverage.compared, coverage.matchable,
                       coverage.absorbed, coverage.unmatched,
                       coverage.oneSided > 0
                           ? fmt::format(", {} that the baseline lacks", coverage.oneSided)
                           : std::string());
}

std::string outputsText(const ComparisonResult &result)
{
    std::string out;
    for (const OutputScore &output : result.outputScores) {
        const PointResult &point = output.score;
        const std::string name = withoutControls(
            result.baseline.graph->qualifiedName(result.alignment.point(output.point).reference));
        if (point.status != PointStatus::Compared) {
            out += fmt::format("output      {}: {}\n", name, pointStatusName(point.status));
            continue;
        }
        out += fmt::format("output    {} {}: {} {}", mark(point.severity), name,
                           metricTitle(result.config.metric, result.config.settings),
                           scoreText(point.overall, result.config.metric));
        if (const auto sqnr = point.overall.value("sqnr"); sqnr && std::isfinite(*sqnr)) {
            out += fmt::format(", SQNR {:.1f} dB", *sqnr);
        }
        out += '\n';
    }
    return out;
}

std::string pointsText(const ComparisonResult &result, std::string_view title,
                       std::vector<SyncPointId> points)
{
    if (points.empty()) {
        return {};
    }
    points.resize(std::min(points.size(), kWorst));
    TextTable table("lllrrrr");
    table.add({" ", "op", "type", "introduced", "excess", "ΔNSR", "score"});
    for (const SyncPointId id : points) {
        const PointResult &point = result.point(id);
        const NodeId node = result.alignment.point(id).referenceNode;
        table.add({std::string(mark(point.severity)), elided(pointName(result, id), kNameWidth),
                   node.isValid() ? result.baseline.graph->node(node).opType : "Input",
                   numberText(point.attribution.introducedOrDelta()),
                   numberText(point.attribution.excess), numberText(point.attribution.deltaNsr),
                   scoreText(point.overall, result.config.metric)});
    }
    return fmt::format("\n{}\n{}", title, table.text());
}

/// The modules worth a line: the top levels, and below them those that introduce most.
std::vector<const ModuleScore *> chosenModules(const ComparisonResult &result)
{
    std::vector<const ModuleScore *> rows;
    for (const ModuleScore &score : result.modules) {
        if (result.baseline.graph->module(score.module).parent.isValid()) {
            rows.push_back(&score);
        }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const ModuleScore *a, const ModuleScore *b) {
        return a->introducedShare > b->introducedShare;
    });
    rows.resize(std::min(rows.size(), kMostModules));
    return rows;
}

std::string modulesText(const ComparisonResult &result)
{
    const auto rows = chosenModules(result);
    if (rows.empty()) {
        return {};
    }
    TextTable table("lrrrrr");
    table.add({"module", "points", "bad", "worst", "introduced", "parameters"});
    for (const ModuleScore *score : rows) {
        table.add({elided(result.baseline.graph->module(score->module).path, kNameWidth),
                   std::to_string(score->syncPoints), std::to_string(score->bad),
                   score->worstPoint.isValid()
                       ? scoreText(result.point(score->worstPoint).overall, result.config.metric)
                       : numberText(score->worst),
                   percentText(score->introducedShare), percentText(score->parameterShare)});
    }
    return fmt::format("\nmodules, by their share of the introduced error\n{}", table.text());
}
} // namespace

std::string compareSummary(const ComparisonResult &result)
{
    const std::string &sentence = result.divergence.sentence;
    return headText(result) + outputsText(result) +
           fmt::format("divergence  {}\n",
                       sentence.empty() ? "not attributed" : withoutControls(sentence)) +
           pointsText(result, "where the error is born", rankedByIntroduced(result)) +
           pointsText(result, "largest error (lowest score)", rankedByScore(result)) +
           modulesText(result);
}

} // namespace syncpoint
