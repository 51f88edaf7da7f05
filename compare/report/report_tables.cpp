#include "compare/report/report_tables.h"

#include "compare/report/report_text.h"
#include "compare/session/headline.h"
#include "core/base/count_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace syncpoint {

namespace {
constexpr std::size_t kWorstRows = 10;
constexpr std::size_t kMostRows = 5000; ///< per table: browsers stay usable

using Row = std::vector<ReportCell>;

ReportCell textCell(std::string text)
{
    return {std::move(text), std::nullopt, std::nullopt};
}

ReportCell countCell(std::size_t count)
{
    return {std::to_string(count), static_cast<double>(count), std::nullopt};
}

ReportCell shareCell(double share)
{
    return {percentText(share), share, std::nullopt};
}

ReportCell optionalCell(std::optional<double> value)
{
    return {numberText(value), value, std::nullopt};
}

ReportCell timeCell(std::optional<double> microseconds)
{
    return {microsecondsText(microseconds), microseconds, std::nullopt};
}

/// How many times faster the candidate is; above 1 is faster.
ReportCell speedupCell(std::optional<double> baseline, std::optional<double> candidate)
{
    if (!baseline || !candidate || *candidate <= 0.0) {
        return optionalCell(std::nullopt);
    }
    const double speedup = *baseline / *candidate;
    return {fmt::format("{:.2f}×", speedup), speedup, std::nullopt};
}

ReportCell scoreCell(const ComparisonResult &result, const PointResult &point)
{
    return {scoreText(point.overall, result.config.metric),
            quality(point.overall, result.config.metric), point.severity};
}

std::string opType(const ComparisonResult &result, SyncPointId id)
{
    const NodeId node = result.alignment.point(id).referenceNode;
    return node.isValid() ? result.baseline.graph->node(node).opType : "Input";
}

ReportTable outputsTable(const ComparisonResult &result)
{
    ReportTable table{"outputs",
                      "Model outputs",
                      "over " + countText(result.samples, "sample"),
                      {{"Output", false, true},
                       {metricTitle(result.config.metric, result.config.settings), true},
                       {"SQNR, dB", true},
                       {"Max |e|", true},
                       {"Cosine", true},
                       {"Worst sample", true}},
                      {}};
    for (const OutputScore &output : result.outputScores) {
        const PointResult &point = output.score;
        Row row{textCell(
            result.baseline.graph->qualifiedName(result.alignment.point(output.point).reference))};
        if (point.status != PointStatus::Compared) {
            row.push_back(textCell(std::string(pointStatusName(point.status))));
            row.resize(table.columns.size());
        } else {
            row.push_back(scoreCell(result, point));
            row.push_back(optionalCell(point.overall.value("sqnr")));
            row.push_back(optionalCell(point.overall.value("max_abs")));
            row.push_back(optionalCell(point.overall.value("cosine")));
            row.push_back(
                {fmt::format("#{} {}", point.worstSample,
                             scoreText(point.samples[point.worstSample], result.config.metric)),
                 quality(point.samples[point.worstSample], result.config.metric), std::nullopt});
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

/// Failed checks first, then hints.
std::vector<std::string> findings(const PointAttribution &attribution)
{
    std::vector<std::string> all = attribution.faults;
    all.insert(all.end(), attribution.hints.begin(), attribution.hints.end());
    return all;
}

ReportTable worstTable(const ComparisonResult &result)
{
    ReportTable table{
        "worst",
        "Where the error is born",
        "Ranked by what each op introduces itself, relative to the signal: measured by "
        "replay, else estimated from how errors grow along the graph. Excess is what it introduces "
        "over what its number formats promise: about 1 when it only rounds.",
        {{"Op", false, true},
         {"Type"},
         {"Module", false, true},
         {"Introduced", true},
         {"Excess", true},
         {"ΔNSR", true},
         {metricTitle(result.config.metric, result.config.settings), true},
         {"Hints"}},
        {}};
    auto ranked = rankedByIntroduced(result);
    ranked.resize(std::min(ranked.size(), kWorstRows));
    for (const SyncPointId id : ranked) {
        const PointResult &point = result.point(id);
        table.rows.push_back(
            {textCell(pointName(result, id)), textCell(opType(result, id)),
             textCell(pointModule(result, id)), optionalCell(point.attribution.introducedOrDelta()),
             optionalCell(point.attribution.excess), optionalCell(point.attribution.deltaNsr),
             scoreCell(result, point),
             textCell(fmt::format("{}", fmt::join(findings(point.attribution), "; ")))});
    }
    return table;
}

ReportTable modulesTable(const ComparisonResult &result)
{
    ReportTable table{"modules",
                      "Modules",
                      "Each row holds the module and all below it.",
                      {{"Module", false, true},
                       {"Points", true},
                       {"Bad", true},
                       {"Worst", true},
                       {"Median", true},
                       {"Introduced", true},
                       {"Parameters", true},
                       {"Bytes", true},
                       {"Baseline time", true},
                       {"Candidate time", true},
                       {"Speed-up", true}},
                      {}};
    for (const ModuleScore &score : result.modules) {
        const std::string &path = result.baseline.graph->module(score.module).path;
        const Severity severity = score.bad > 0    ? Severity::Bad
                                  : score.warn > 0 ? Severity::Warn
                                                   : Severity::Ok;
        ReportCell worst = optionalCell(score.worst);
        if (score.worstPoint.isValid()) {
            worst = scoreCell(result, result.point(score.worstPoint));
        }
        worst.severity = severity;
        table.rows.push_back(
            {textCell(path.empty() ? "(whole model)" : path),
             countCell(score.syncPoints),
             countCell(score.bad),
             std::move(worst),
             optionalCell(score.median),
             shareCell(score.introducedShare),
             shareCell(score.parameterShare),
             {bytesText(score.bytes), static_cast<double>(score.bytes), {}},
             timeCell(score.baselineMicroseconds),
             timeCell(score.candidateMicroseconds),
             speedupCell(score.baselineMicroseconds, score.candidateMicroseconds)});
    }
    return table;
}

ReportTable pointsTable(const ComparisonResult &result)
{
    ReportTable table{"sync_points",
                      "Sync points",
                      "In execution order of the baseline.",
                      {{"#", true},
                       {"Op", false, true},
                       {"Type"},
                       {"Candidate value", false, true},
                       {metricTitle(result.config.metric, result.config.settings), true},
                       {"ΔNSR", true},
                       {"Max |e|", true},
                       {"Cosine", true},
                       {"Type there"},
                       {"Match"}},
                      {}};
    const std::size_t rows = std::min(result.points.size(), kMostRows);
    if (rows < result.points.size()) {
        table.note = fmt::format("The first {} of {}, in execution order of the baseline.", rows,
                                 result.points.size());
    }
    for (std::size_t i = 0; i < rows; ++i) {
        const SyncPointId id(i);
        const SyncPoint &pair = result.alignment.point(id);
        const PointResult &point = result.points[i];
        const bool compared = point.status == PointStatus::Compared;
        Row row{countCell(i), textCell(pointName(result, id)), textCell(opType(result, id)),
                textCell(result.candidate.graph->qualifiedName(pair.candidate)),
                compared ? scoreCell(result, point)
                         : textCell(std::string(pointStatusName(point.status)))};
        row.push_back(optionalCell(compared ? point.attribution.deltaNsr : std::nullopt));
        row.push_back(optionalCell(compared ? point.overall.value("max_abs") : std::nullopt));
        row.push_back(optionalCell(compared ? point.overall.value("cosine") : std::nullopt));
        row.push_back(textCell(point.candidateDtype));
        row.push_back(textCell(pair.match.rule));
        table.rows.push_back(std::move(row));
    }
    return table;
}

ReportTable placementTable(const ComparisonResult &result)
{
    struct Place
    {
        std::size_t points = 0;
        double microseconds = 0.0;
        bool timed = false;
    };
    std::map<std::string, Place> places;
    for (const PointResult &point : result.points) {
        Place &place = places[point.candidatePlacement];
        ++place.points;
        place.microseconds += point.candidateMicroseconds.value_or(0.0);
        place.timed = place.timed || point.candidateMicroseconds.has_value();
    }
    ReportTable table{"placement",
                      "Placement of the candidate",
                      "What ran the ops at the sync points; unknown is never a guess.",
                      {{"Ran on"}, {"Points", true}, {"Time", true}},
                      {}};
    for (const auto &[name, place] : places) {
        table.rows.push_back(
            {textCell(name.empty() ? "unknown" : name), countCell(place.points),
             timeCell(place.timed ? std::optional(place.microseconds) : std::nullopt)});
    }
    return table;
}

void addUnmatched(ReportTable &table, const Graph &graph, const std::vector<ValueOutcome> &outcomes,
                  const std::string &side)
{
    for (std::size_t i = 0; i < outcomes.size() && table.rows.size() < kMostRows; ++i) {
        const Value &value = graph.values()[i];
        if (!outcomes[i].lacksCounterpart() || value.constant) {
            continue;
        }
        const std::string type =
            value.producer.isValid() ? graph.node(value.producer).opType : std::string("Input");
        table.rows.push_back({textCell(side), textCell(graph.qualifiedName(ValueId(i))),
                              textCell(type), textCell(outcomes[i].reason)});
    }
}

ReportTable missingTable(const ComparisonResult &result)
{
    ReportTable table{"not_compared",
                      "Not compared",
                      "Values without a counterpart, and pairs without usable tensors.",
                      {{"Side"}, {"Value", false, true}, {"Type"}, {"Why"}},
                      {}};
    for (std::size_t i = 0; i < result.points.size() && table.rows.size() < kMostRows; ++i) {
        if (result.points[i].status == PointStatus::Compared) {
            continue;
        }
        const SyncPointId id(i);
        table.rows.push_back(
            {textCell("both"),
             textCell(result.baseline.graph->qualifiedName(result.alignment.point(id).reference)),
             textCell(opType(result, id)),
             textCell(std::string(pointStatusName(result.points[i].status)))});
    }
    addUnmatched(table, *result.baseline.graph, result.alignment.reference, "baseline");
    addUnmatched(table, *result.candidate.graph, result.alignment.candidate, "candidate");
    return table;
}

ReportTable notesTable(const ComparisonResult &result)
{
    ReportTable table{"diagnostics", "Notes", "", {{"Kind"}, {"Where", false, true}, {"What"}}, {}};
    for (const Diagnostic &note : result.diagnostics) {
        const bool isError = note.severity == Diagnostic::Severity::Error;
        const bool isWarning = note.severity == Diagnostic::Severity::Warning;
        table.rows.push_back({textCell(isError     ? "error"
                                       : isWarning ? "warning"
                                                   : "info"),
                              textCell(note.where), textCell(note.text)});
    }
    return table;
}
} // namespace

std::vector<ReportTable> buildTables(const ComparisonResult &result)
{
    std::vector<ReportTable> tables{
        outputsTable(result),   worstTable(result),   modulesTable(result), pointsTable(result),
        placementTable(result), missingTable(result), notesTable(result)};
    std::erase_if(tables, [](const ReportTable &table) { return table.rows.empty(); });
    return tables;
}

} // namespace syncpoint
