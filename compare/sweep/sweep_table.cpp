#include "compare/sweep/sweep_table.h"

#include "compare/report/report_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <set>

namespace syncpoint {

namespace {
/// One column: its head, and the cell of a row.
struct Column
{
    ReportTable::Column head;
    bool isNeeded = true;
    std::function<ReportCell(const SweepRow &)> cell;
};

ReportCell qualityCell(const std::optional<SweepQuality> &quality)
{
    ReportCell cell{qualityText(quality), std::nullopt, std::nullopt};
    if (quality) {
        constexpr double kInfinity = std::numeric_limits<double>::infinity();
        cell.sortKey = quality->value.value_or(quality->higherIsBetter ? kInfinity : 0.0);
    }
    return cell;
}

std::vector<Column> columnsOf(const SweepOverview &overview)
{
    const auto any = [&overview](const auto &has) {
        return std::any_of(overview.rows.begin(), overview.rows.end(), has);
    };
    const std::string title = qualityTitle(overview);
    const bool areMixed = title == "quality";
    std::vector<Column> columns;
    columns.push_back({{"component", false, true},
                       any([](const SweepRow &row) { return !row.component.empty(); }),
                       [](const SweepRow &row) {
                           return ReportCell{row.component, {}, {}};
                       }});
    columns.push_back({{"size", true, false}, true, [](const SweepRow &row) {
                           return ReportCell{row.bytes ? bytesText(*row.bytes) : "–",
                                             row.bytes ? std::optional(double(*row.bytes))
                                                       : std::nullopt,
                                             {}};
                       }});
    columns.push_back({{"latency", true, false}, true, [](const SweepRow &row) {
                           return ReportCell{microsecondsText(row.latency), row.latency, {}};
                       }});
    columns.push_back(
        {{title.empty() ? "quality" : title, true, false}, true, [areMixed](const SweepRow &row) {
             ReportCell cell = qualityCell(row.quality);
             if (areMixed && row.quality) {
                 cell.text += fmt::format(" ({})", row.quality->measure);
             }
             return cell;
         }});
    columns.push_back({{"worst", true, false},
                       any([](const SweepRow &row) { return row.worst.has_value(); }),
                       [](const SweepRow &row) { return qualityCell(row.worst); }});
    columns.push_back({{"at", false, true},
                       any([](const SweepRow &row) { return !row.worstAt.empty(); }),
                       [](const SweepRow &row) {
                           return ReportCell{row.worstAt, {}, {}};
                       }});
    columns.push_back({{"problem", false, false},
                       any([](const SweepRow &row) { return !row.error.empty(); }),
                       [](const SweepRow &row) {
                           return ReportCell{row.error, {}, {}};
                       }});
    columns.erase(std::remove_if(columns.begin(), columns.end(),
                                 [](const Column &column) { return !column.isNeeded; }),
                  columns.end());
    return columns;
}
} // namespace

std::string qualityText(const std::optional<SweepQuality> &quality)
{
    if (!quality) {
        return "–";
    }
    if (!quality->value) {
        return "exact";
    }
    return quality->unit == "dB" ? fmt::format("{:.1f} dB", *quality->value)
                                 : fmt::format("{:.4g}{}{}", *quality->value,
                                               quality->unit.empty() ? "" : " ", quality->unit);
}

std::string qualityTitle(const SweepOverview &overview)
{
    std::set<std::string> titles;
    for (const SweepRow &row : overview.rows) {
        if (row.quality) {
            const std::string &unit = row.quality->unit;
            titles.insert(row.quality->measure + (unit.empty() ? "" : ", " + unit));
        }
    }
    return titles.empty() ? "" : titles.size() == 1 ? *titles.begin() : "quality";
}

std::vector<std::string> variantNames(const SweepOverview &overview)
{
    std::vector<std::string> names;
    std::string folder, extension;
    for (const SweepRow &row : overview.rows) {
        const std::string ofModel = row.model.extension().string();
        const std::string rowExtension = row.variant.ends_with(ofModel) ? ofModel : "";
        const std::string rowFolder = row.variant.substr(0, row.variant.rfind('/') + 1);
        folder = names.empty() || folder == rowFolder ? rowFolder : "";
        extension = names.empty() || extension == rowExtension ? rowExtension : "";
        names.push_back(row.variant);
    }
    const bool arePaths = folder.empty() && std::any_of(names.begin(), names.end(), [](auto &name) {
                              return name.find('/') != std::string::npos;
                          });
    if (arePaths) { // a path without its end would name no file
        extension.clear();
    }
    for (std::string &name : names) {
        name = name.substr(folder.size(), name.size() - folder.size() - extension.size());
    }
    return names;
}

ReportTable sweepTable(const SweepOverview &overview)
{
    ReportTable table;
    table.id = "sweep";
    table.title = "Variants";
    const auto columns = columnsOf(overview);
    table.columns.push_back({"variant", false, true});
    for (const Column &column : columns) {
        table.columns.push_back(column.head);
    }
    const auto names = variantNames(overview);
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::vector<ReportCell> cells{{names[i], {}, {}}};
        for (const Column &column : columns) {
            cells.push_back(column.cell(overview.rows[i]));
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

} // namespace syncpoint
