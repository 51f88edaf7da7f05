#include "compare/report/report_text.h"
#include "compare/report/report_writer.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
std::string caseText(const ComparisonResult &result, SyncPointId id)
{
    const PointResult &point = result.point(id);
    const std::string module = pointModule(result, id);
    const std::string start = fmt::format(
        "  <testcase classname=\"{}\" name=\"{}\"", escapeMarkup(module.empty() ? "model" : module),
        escapeMarkup(result.baseline.graph->qualifiedName(result.alignment.point(id).reference)));
    if (point.status != PointStatus::Compared) {
        return fmt::format("{}><skipped message=\"{}\"/></testcase>\n", start,
                           pointStatusName(point.status));
    }
    if (point.severity != Severity::Bad) {
        return start + "/>\n";
    }
    return fmt::format("{}><failure type=\"divergence\" message=\"{}\"/></testcase>\n", start,
                       escapeMarkup(fmt::format("{} is below the limit of profile {} ({} {})",
                                                scoreText(point.overall, result.config.metric),
                                                result.profile.name, result.profile.metric,
                                                result.profile.badBelow)));
}

class JunitWriter final : public ReportWriter
{
public:
    std::string_view id() const override { return "junit"; }
    std::string_view title() const override { return "JUnit XML, one test case per sync point"; }
    Result<std::string> render(const Report &report) const override
    {
        const ComparisonResult &result = *report.result;
        std::size_t failures = 0;
        std::size_t skipped = 0;
        std::string cases;
        for (std::size_t i = 0; i < result.points.size(); ++i) {
            const PointResult &point = result.points[i];
            const bool compared = point.status == PointStatus::Compared;
            skipped += compared ? 0U : 1U;
            failures += compared && point.severity == Severity::Bad ? 1U : 0U;
            cases += caseText(result, SyncPointId(i));
        }
        return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<testsuites>\n <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" "
                           "errors=\"0\" skipped=\"{}\">\n{} </testsuite>\n</testsuites>\n",
                           escapeMarkup(report.title), result.points.size(), failures, skipped,
                           cases);
    }
};
} // namespace

std::unique_ptr<ReportWriter> makeJunitWriter()
{
    return std::make_unique<JunitWriter>();
}

} // namespace syncpoint
