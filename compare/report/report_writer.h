#pragma once
#include "compare/report/report.h"
#include "core/base/result.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace syncpoint {

/// Turns a report into the text of one kind of file. Stateless.
class ReportWriter
{
public:
    virtual ~ReportWriter() = default;
    virtual std::string_view id() const = 0;    ///< "html"
    virtual std::string_view title() const = 0; ///< "self-contained HTML page"
    virtual Result<std::string> render(const Report &report) const = 0;
};

/// Every writer: a new one is one line in report_writer.cpp.
std::span<const std::unique_ptr<ReportWriter>> builtinReportWriters();

Result<std::string> renderReport(std::string_view writerId, const Report &report);
/// Writes the file whole or not at all.
Result<void> writeReport(std::string_view writerId, const Report &report,
                         const std::filesystem::path &path);

std::unique_ptr<ReportWriter> makeJsonWriter();
std::unique_ptr<ReportWriter> makeCsvWriter();
std::unique_ptr<ReportWriter> makeMarkdownWriter();
std::unique_ptr<ReportWriter> makeJunitWriter();
std::unique_ptr<ReportWriter> makeHtmlWriter();
std::unique_ptr<ReportWriter> makeNodeDataWriter();
std::unique_ptr<ReportWriter> makeBaselineNodeDataWriter();
std::unique_ptr<ReportWriter> makeSyncNavigationWriter();
std::unique_ptr<ReportWriter> makeExcludeListWriter();
std::unique_ptr<ReportWriter> makeExcludeOptionsWriter();

} // namespace syncpoint
