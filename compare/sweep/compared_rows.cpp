#include "compare/sweep/compared_rows.h"

#include "compare/metric/metric.h"
#include "compare/report/report_text.h"

#include <cmath>

namespace syncpoint {

namespace {
std::optional<double> medianLatency(const ComparedSide &side)
{
    return side.dump && side.dump->profile && side.dump->profile->latency
               ? std::optional(side.dump->profile->latency->p50)
               : std::nullopt;
}

/// The headline score of one pair; nothing where the metric says nothing of it.
std::optional<SweepQuality> qualityOf(const ComparisonResult &result,
                                      const Measurement &measurement)
{
    const auto index = metricIndex(result.config.metric);
    if (!index) {
        return std::nullopt;
    }
    const MetricDescriptor metric = builtinMetrics()[*index]->descriptor();
    SweepQuality quality{metricTitle(result.config.metric, result.config.settings),
                         std::string(metric.unit), std::nullopt, metric.higherIsBetter};
    if (measurement.state == PairState::Exact) {
        return quality;
    }
    quality.value = measurement.value(result.config.metric);
    return quality.value && std::isfinite(*quality.value) ? std::optional(quality) : std::nullopt;
}

/// Whether `a` is the worse of two; no difference at all is best.
bool isWorse(const SweepQuality &a, const SweepQuality &b)
{
    if (!a.value || !b.value) {
        return a.value.has_value();
    }
    return a.higherIsBetter ? *a.value < *b.value : *a.value > *b.value;
}

SweepRow rowOf(const std::string &path)
{
    SweepRow row;
    row.variant = path;
    row.model = path;
    row.bytes = bytesOnDisk(path);
    return row;
}
} // namespace

SweepRow comparedRow(const std::string &path, const ComparisonResult &result)
{
    SweepRow row = rowOf(path);
    row.coverage = result.coverage.ratio();
    row.latency = medianLatency(result.candidate);
    for (const OutputScore &output : result.outputScores) {
        const Measurement &measurement = output.score.overall;
        row.outputs.push_back(
            {result.baseline.graph->qualifiedName(result.alignment.point(output.point).reference),
             measurement.value("psnr"), measurement.value("sqnr")});
        const auto quality = qualityOf(result, measurement);
        if (quality && (!row.quality || isWorse(*quality, *row.quality))) {
            row.quality = quality;
        }
    }
    if (const auto ranked = rankedByScore(result); !ranked.empty()) {
        row.worst = qualityOf(result, result.point(ranked.front()).overall);
        row.worstAt = pointName(result, ranked.front());
    } else if (result.coverage.compared > 0) {
        row.worst = row.quality; // every pair is exact
    }
    return row;
}

SweepRow failedRow(const std::string &path, const Error &error)
{
    SweepRow row = rowOf(path);
    row.error = error.message;
    return row;
}

SweepRow baselineRow(const std::string &path, const ComparisonResult *result)
{
    SweepRow row = rowOf(path);
    row.isBaseline = true;
    row.latency = result == nullptr ? std::nullopt : medianLatency(result->baseline);
    return row;
}

} // namespace syncpoint
