#include "compare/metric/metric.h"
#include "compare/report/report_text.h"
#include "compare/report/report_writer.h"

#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

namespace {
/// RFC 4180: quoted when it holds a separator, a quote or a line end.
std::string field(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string(text);
    }
    std::string out = "\"";
    for (const char c : text) {
        out += c;
        if (c == '"') {
            out += '"';
        }
    }
    return out + '"';
}

std::string field(std::optional<double> value)
{
    if (!value || std::isnan(*value)) {
        return {};
    }
    return std::isinf(*value) ? (*value > 0 ? "inf" : "-inf") : fmt::format("{}", *value);
}

/// Ratios in dB have no finite value for identical tensors; every other absent number is empty.
std::string metricField(const PointResult &point, const MetricDescriptor &metric)
{
    const auto value = point.overall.value(metric.id);
    const bool isExact = point.overall.state == PairState::Exact;
    return isExact && metric.unit == "dB" && !value ? "inf" : field(value);
}

std::string rowOf(const ComparisonResult &result, SyncPointId id)
{
    const SyncPoint &pair = result.alignment.point(id);
    const PointResult &point = result.point(id);
    const bool compared = point.status == PointStatus::Compared;
    std::string row = fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{},{}", id.index(), field(pointName(result, id)),
        field(result.baseline.graph->qualifiedName(pair.reference)),
        field(result.candidate.graph->qualifiedName(pair.candidate)),
        field(pair.referenceNode.isValid() ? result.baseline.graph->node(pair.referenceNode).opType
                                           : std::string()),
        field(pointModule(result, id)), field(point.candidateDtype), field(toText(pair.transform)),
        field(pair.match.rule), field(pair.match.confidence), pointStatusName(point.status),
        compared ? pairStateName(point.overall.state) : "",
        compared ? severityName(point.severity) : "");
    for (const auto &metric : builtinMetrics()) {
        const MetricDescriptor descriptor = metric->descriptor();
        if (descriptor.isDefault) {
            row += ',' + (compared ? metricField(point, descriptor) : std::string());
        }
    }
    row += fmt::format(",{},{},{},{},{}", field(point.attribution.deltaNsr),
                       field(point.attribution.introduced), field(point.candidatePlacement),
                       field(point.baselineMicroseconds), field(point.candidateMicroseconds));
    return row + "\r\n";
}

class CsvWriter final : public ReportWriter
{
public:
    std::string_view id() const override { return "csv"; }
    std::string_view title() const override { return "CSV, one row per sync point"; }
    Result<std::string> render(const Report &report) const override
    {
        std::string out = "id,op,baseline_value,candidate_value,op_type,module,candidate_dtype,"
                          "transform,match_rule,match_confidence,status,state,severity";
        for (const auto &metric : builtinMetrics()) {
            if (metric->descriptor().isDefault) {
                out += fmt::format(",{}", metric->descriptor().id);
            }
        }
        out += ",delta_nsr,introduced,placement,baseline_us,candidate_us\r\n";
        for (std::size_t i = 0; i < report.result->points.size(); ++i) {
            out += rowOf(*report.result, SyncPointId(i));
        }
        return out;
    }
};
} // namespace

std::unique_ptr<ReportWriter> makeCsvWriter()
{
    return std::make_unique<CsvWriter>();
}

} // namespace syncpoint
