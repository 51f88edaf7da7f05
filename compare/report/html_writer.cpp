#include "compare/report/html_charts.h"
#include "compare/report/html_style.h"
#include "compare/report/report_text.h"
#include "compare/report/report_writer.h"
#include "compare/report/tool_version.h"

#include <cmath>
#include <fmt/format.h>

namespace syncpoint {

namespace {
std::string definitionList(const std::vector<std::pair<std::string, std::string>> &entries,
                           std::string_view cssClass, bool wrapped)
{
    std::string out = fmt::format("<dl class=\"{}\">", cssClass);
    for (const auto &[name, value] : entries) {
        const std::string item =
            fmt::format("<dt>{}</dt><dd>{}</dd>", escapeMarkup(name), escapeMarkup(value));
        out += wrapped ? "<div>" + item + "</div>" : item;
    }
    return out + "</dl>\n";
}

std::string cellHtml(const ReportTable::Column &column, const ReportCell &cell)
{
    std::string attributes;
    if (column.isNumber || column.isName) {
        attributes += fmt::format(" class=\"{}\"", column.isNumber ? "n" : "name");
    }
    if (cell.sortKey && !std::isnan(*cell.sortKey)) {
        const double key = *cell.sortKey;
        attributes += std::isinf(key) ? fmt::format(" data-k=\"{}Infinity\"", key < 0 ? "-" : "")
                                      : fmt::format(" data-k=\"{}\"", key);
    }
    constexpr std::size_t kLongestName = 64;
    std::string text = cell.text;
    if (column.isName && text.size() > kLongestName) {
        attributes += fmt::format(" title=\"{}\"", escapeMarkup(text));
        text = elided(text, kLongestName);
    }
    return fmt::format("<td{}>{}{}</td>", attributes,
                       cell.severity ? severityMark(*cell.severity) : "", escapeMarkup(text));
}

std::string tableHtml(const ReportTable &table)
{
    std::string out = fmt::format("<h2 id=\"{}\">{}</h2>", table.id, escapeMarkup(table.title));
    if (!table.note.empty()) {
        out += fmt::format("<p class=\"note\">{}</p>", escapeMarkup(table.note));
    }
    out += "<div class=\"scroll\"><table><thead><tr>";
    for (const auto &column : table.columns) {
        out += fmt::format("<th{}>{}</th>", column.isNumber ? " class=\"n\"" : "",
                           escapeMarkup(column.title));
    }
    out += "</tr></thead><tbody>\n";
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        out += fmt::format("<tr id=\"{}-{}\">", table.id, row);
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            out += i < table.rows[row].size() ? cellHtml(table.columns[i], table.rows[row][i])
                                              : "<td></td>";
        }
        out += "</tr>\n";
    }
    return out + "</tbody></table></div>\n";
}

Result<std::string> imageHtml(const Image &image, std::string_view label)
{
    const auto png = encodePng(image);
    if (!png) {
        return png.error();
    }
    return fmt::format("<div><img alt=\"{0}\" src=\"data:image/png;base64,{1}\"><small>{0}</small>"
                       "</div>",
                       label, encodeBase64(*png));
}

Result<std::string> picturesHtml(const Report &report)
{
    if (report.pictures.empty()) {
        return std::string();
    }
    std::string out =
        "<h2 id=\"pictures\">What it looks like</h2><p class=\"note\">The ops that introduce most, "
        "in their worst sample: baseline and candidate in one range, and candidate − baseline "
        "(blue is lower, red is higher).</p><div class=\"pictures\">\n";
    for (const ReportPicture &picture : report.pictures) {
        out += fmt::format("<figure><b>{}</b><div class=\"row\">", escapeMarkup(picture.name));
        const std::pair<const Image *, std::string_view> parts[] = {
            {&picture.reference, "baseline"},
            {&picture.candidate, "candidate"},
            {&picture.difference, "difference"}};
        for (const auto &[image, label] : parts) {
            const auto html = imageHtml(*image, label);
            if (!html) {
                return html;
            }
            out += *html;
        }
        out += fmt::format("</div><figcaption>{}</figcaption></figure>\n",
                           escapeMarkup(picture.caption));
    }
    return out + "</div>\n";
}

std::string banner(const ComparisonResult &result)
{
    std::string out;
    for (const Diagnostic &note : result.diagnostics) {
        if (note.severity == Diagnostic::Severity::Error) {
            out += fmt::format("<p class=\"banner\">{}</p>", escapeMarkup(note.text));
        }
    }
    return out;
}

std::string navigation(const Report &report)
{
    std::string out = "<nav>";
    for (const ReportTable &table : report.tables) {
        out += fmt::format("<a href=\"#{}\">{}</a>", table.id, escapeMarkup(table.title));
    }
    return out + "<a href=\"#settings\">Settings and files</a></nav>";
}

std::string tablesHtml(const Report &report, std::initializer_list<std::string_view> ids)
{
    std::string out;
    for (const std::string_view id : ids) {
        if (const ReportTable *table = report.findTable(id)) {
            out += tableHtml(*table);
        }
    }
    return out;
}

class HtmlWriter final : public ReportWriter
{
public:
    std::string_view id() const override { return "html"; }
    std::string_view title() const override { return "HTML, one file without network access"; }
    Result<std::string> render(const Report &report) const override
    {
        const auto pictures = picturesHtml(report);
        if (!pictures) {
            return pictures;
        }
        std::string out = fmt::format(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width\">"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
            "<title>{0}</title><style>{1}</style></head><body><main>\n<h1>{0}</h1>"
            "<p class=\"verdict\">{2}{3}</p>\n",
            escapeMarkup(report.title), htmlStyle(), severityMark(report.level),
            escapeMarkup(report.verdict));
        out += banner(*report.result);
        out += definitionList(report.facts, "facts", true);
        out += navigation(report);
        out += "<h2 id=\"chart\">Score over depth</h2>" + scoreChartSvg(report.chart);
        out += tablesHtml(report, {"outputs", "worst"});
        out += *pictures;
        out += tablesHtml(report, {"modules"});
        out += "<h2 id=\"graph\">Graph</h2><p class=\"note\">Modules in execution order; arcs are "
               "tensors that pass from one to another.</p>" +
               moduleOverviewSvg(report.overview);
        out += tablesHtml(report, {"sync_points", "placement", "not_compared", "diagnostics"});
        out += "<h2 id=\"settings\">Settings and files</h2>" +
               definitionList(report.settings, "settings", false);
        out +=
            fmt::format("<footer>Syncpoint {}</footer></main><script>{}</script></body></html>\n",
                        toolVersion(), htmlScript());
        return out;
    }
};
} // namespace

std::unique_ptr<ReportWriter> makeHtmlWriter()
{
    return std::make_unique<HtmlWriter>();
}

} // namespace syncpoint
