#include "compare/report/report_text.h"
#include "compare/report/report_writer.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::size_t kMostReadRows = 12; ///< a pull request comment is read, not studied

/// Text from files must neither end a table cell nor become markup.
std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : escapeMarkup(text)) {
        if (c == '\n' || c == '\r') {
            out += ' ';
            continue;
        }
        if (std::string_view("|\\`*_[]~").find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string_view mark(Severity severity)
{
    return severity == Severity::Ok ? "●" : severity == Severity::Warn ? "▲" : "■";
}

std::string cellText(const ReportCell &cell)
{
    const std::string text = escaped(elided(cell.text, 80));
    return cell.severity ? fmt::format("{} {}", mark(*cell.severity), text) : text;
}

std::string tableText(const ReportTable &table)
{
    std::string out = fmt::format("\n**{}**\n\n|", escaped(table.title));
    for (const auto &column : table.columns) {
        out += fmt::format(" {} |", escaped(column.title));
    }
    out += "\n|";
    for (const auto &column : table.columns) {
        out += column.isNumber ? " ---: |" : " --- |";
    }
    out += '\n';
    for (std::size_t i = 0; i < table.rows.size() && i < kMostReadRows; ++i) {
        out += '|';
        for (const ReportCell &cell : table.rows[i]) {
            out += fmt::format(" {} |", cellText(cell));
        }
        out += '\n';
    }
    if (table.rows.size() > kMostReadRows) {
        out += fmt::format("\n… and {} more\n", table.rows.size() - kMostReadRows);
    }
    return out;
}

class MarkdownWriter final : public ReportWriter
{
public:
    std::string_view id() const override { return "markdown"; }
    std::string_view title() const override { return "Markdown summary for a pull request"; }
    Result<std::string> render(const Report &report) const override
    {
        std::string out = fmt::format("### {} {}\n\n{}\n\n", mark(report.level),
                                      escaped(report.title), escaped(report.verdict));
        for (const auto &[name, value] : report.facts) {
            out += fmt::format("- {}: **{}**\n", escaped(name), escaped(value));
        }
        for (const std::string_view id : {"worst", "modules", "diagnostics"}) {
            if (const ReportTable *table = report.findTable(id)) {
                out += tableText(*table);
            }
        }
        return out;
    }
};
} // namespace

std::unique_ptr<ReportWriter> makeMarkdownWriter()
{
    return std::make_unique<MarkdownWriter>();
}

} // namespace syncpoint
