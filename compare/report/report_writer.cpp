#include "compare/report/report_writer.h"

#include "core/base/atomic_file.h"

#include <fmt/format.h>
#include <vector>

namespace syncpoint {

std::span<const std::unique_ptr<ReportWriter>> builtinReportWriters()
{
    static const std::vector<std::unique_ptr<ReportWriter>> writers = [] {
        std::vector<std::unique_ptr<ReportWriter>> all;
        all.push_back(makeJsonWriter());
        all.push_back(makeCsvWriter());
        all.push_back(makeMarkdownWriter());
        all.push_back(makeJunitWriter());
        all.push_back(makeHtmlWriter());
        all.push_back(makeNodeDataWriter());
        all.push_back(makeBaselineNodeDataWriter());
        all.push_back(makeSyncNavigationWriter());
        all.push_back(makeExcludeListWriter());
        all.push_back(makeExcludeOptionsWriter());
        return all;
    }();
    return writers;
}

Result<std::string> renderReport(std::string_view writerId, const Report &report)
{
    for (const auto &writer : builtinReportWriters()) {
        if (writer->id() == writerId) {
            return writer->render(report);
        }
    }
    return Error{ErrorCode::Internal, fmt::format("there is no report writer '{}'", writerId)};
}

Result<void> writeReport(std::string_view writerId, const Report &report,
                         const std::filesystem::path &path)
{
    const auto text = renderReport(writerId, report);
    return text ? writeFileAtomically(path, *text) : Result<void>(text.error());
}

} // namespace syncpoint
