#include "compare/align/sync_navigation.h"
#include "compare/metric/metric.h"
#include "compare/report/json_parts.h"
#include "compare/report/report_text.h"
#include "compare/report/report_writer.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {
using Json = nlohmann::ordered_json;

constexpr double kExactScore = 160.0; ///< dB, of pairs without any error: JSON has no infinity
constexpr const char *kBad = "#c2185b", *kWarn = "#e0a100", *kOk = "#00897b";

enum class Side { Baseline, Candidate };

/// What stands for a point; nothing where the metric says nothing of it.
std::optional<double> shownScore(const PointResult &point, std::string_view metricId,
                                 const MetricDescriptor &metric)
{
    if (point.status != PointStatus::Compared) {
        return std::nullopt;
    }
    if (point.overall.state == PairState::Exact) {
        return metric.higherIsBetter ? kExactScore : metric.ideal;
    }
    const auto value = point.overall.value(metricId);
    if (!value || !std::isfinite(*value)) {
        return std::nullopt;
    }
    return metric.higherIsBetter ? std::min(*value, kExactScore) : *value;
}

/// Custom node data of Model Explorer, in its form for a single graph: scores by output tensor name
/// of one side. Colours are the limits of the profile where it judges the metric, else a gradient,
/// which Model Explorer would prefer.
class NodeDataWriter final : public ReportWriter
{
public:
    explicit NodeDataWriter(Side side) : m_side(side) {}
    std::string_view id() const override
    {
        return m_side == Side::Baseline ? "baseline-node-data" : "node-data";
    }
    std::string_view title() const override
    {
        return m_side == Side::Baseline ? "Model Explorer node data of the baseline"
                                        : "Model Explorer node data of the candidate";
    }
    Result<std::string> render(const Report &report) const override
    {
        const ComparisonResult &result = *report.result;
        const auto index = metricIndex(result.config.metric);
        if (!index) {
            return Error{ErrorCode::Internal, "the headline metric does not exist"};
        }
        const MetricDescriptor metric = builtinMetrics()[*index]->descriptor();
        Json out{{"name", metricAxis(result.config.metric, result.config.settings)}};
        out["results"] = resultsOf(result, metric);
        if (report.chart.badBelow && report.chart.okFrom) {
            // A threshold colours everything at or below its value.
            out["thresholds"] = {{{"value", *report.chart.badBelow}, {"bgColor", kBad}},
                                 {{"value", *report.chart.okFrom}, {"bgColor", kWarn}},
                                 {{"value", kExactScore}, {"bgColor", kOk}}};
        } else if (metric.higherIsBetter || metric.ideal == 0.0) {
            out["gradient"] = {{{"stop", 0.0}, {"bgColor", metric.higherIsBetter ? kBad : kOk}},
                               {{"stop", 0.5}, {"bgColor", kWarn}},
                               {{"stop", 1.0}, {"bgColor", metric.higherIsBetter ? kOk : kBad}}};
        }
        return jsonText(out);
    }

private:
    Json resultsOf(const ComparisonResult &result, const MetricDescriptor &metric) const
    {
        const ComparedSide &side = m_side == Side::Baseline ? result.baseline : result.candidate;
        Json results = Json::object();
        for (std::size_t i = 0; i < result.points.size(); ++i) {
            const SyncPoint &pair = result.alignment.points[i];
            const auto score = shownScore(result.points[i], result.config.metric, metric);
            if (score) {
                const ValueId value = m_side == Side::Baseline ? pair.reference : pair.candidate;
                results[side.graph->qualifiedName(value)] = {{"value", *score}};
            }
        }
        return results;
    }

    Side m_side;
};

/// The mapping file of Model Explorer's synchronized navigation.
class SyncNavigationWriter final : public ReportWriter
{
public:
    std::string_view id() const override { return "sync-navigation"; }
    std::string_view title() const override { return "Model Explorer mapping of both models"; }
    Result<std::string> render(const Report &report) const override
    {
        const ComparisonResult &result = *report.result;
        return syncNavigationJson(*result.baseline.graph, *result.candidate.graph,
                                  result.alignment);
    }
};
} // namespace

std::unique_ptr<ReportWriter> makeNodeDataWriter()
{
    return std::make_unique<NodeDataWriter>(Side::Candidate);
}

std::unique_ptr<ReportWriter> makeBaselineNodeDataWriter()
{
    return std::make_unique<NodeDataWriter>(Side::Baseline);
}

std::unique_ptr<ReportWriter> makeSyncNavigationWriter()
{
    return std::make_unique<SyncNavigationWriter>();
}

} // namespace syncpoint
