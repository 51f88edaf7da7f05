#include "core/base/byte_reader.h"
#include "core/placement/csv_rows.h"
#include "core/placement/importer.h"

#include <algorithm>
#include <cctype>

namespace syncpoint {
namespace {

constexpr std::string_view kUnits = "compute unit";

bool isHeader(std::string_view line)
{
    std::string lower(line);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower.find(kUnits) != std::string::npos && lower.find(',') != std::string::npos;
}

/// Microseconds per unit that a column's title names: "Median Time (ms)".
double microsecondsPer(const std::string &title)
{
    return title.find("(s)") != std::string::npos ? 1e6
           : title.find("(us)") != std::string::npos ||
                   title.find("(\xC2\xB5s)") != std::string::npos
               ? 1.0
               : 1e3;
}

/// The performance report of Xcode as CSV. Its columns are not documented and differ between
/// versions, so they are told by their titles.
class XcodeReportImporter final : public PlacementImporter
{
public:
    FormatInfo format() const override
    {
        return {"xcode-report", "Xcode performance report", "*.csv",
                "compute unit, cost and time per operation; columns are told by their titles"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        return !file.isDirectory && isHeader(start.substr(0, start.find('\n'))) ? ProbeAnswer::Yes
                                                                                : ProbeAnswer::No;
    }
    Result<std::vector<PlacementRow>> read(const std::filesystem::path &path) const override
    {
        const auto table = readCsv(path);
        if (!table) {
            return table.error();
        }
        std::vector<PlacementRow> rows;
        if (table->empty()) {
            return rows;
        }
        const CsvHeader header(table->front());
        for (auto cells = table->begin() + 1; cells != table->end(); ++cells) {
            PlacementRow row = rowOf(header, *cells);
            if (!row.placement.kernel.empty()) {
                rows.push_back(std::move(row));
            }
        }
        return rows;
    }

private:
    static PlacementRow rowOf(const CsvHeader &header, const CsvRow &cells)
    {
        PlacementRow row;
        OpPlacement &placement = row.placement;
        for (const char *title : {"output", "name", "operation", "layer"}) {
            if (placement.kernel.empty()) {
                placement.kernel = cellOf(cells, header.containing(title));
            }
        }
        placement.ranOn = cellOf(cells, header.containing(kUnits));
        placement.supportedBy = partsOf(cellOf(cells, header.containing("supported")), ";|/");
        const auto time = header.containing("time");
        if (const auto number = leadingNumber(cellOf(cells, time))) {
            placement.microseconds = *number * microsecondsPer(header.name(*time));
            placement.isEstimate = header.name(*time).find("estimat") != std::string::npos;
        }
        const std::string_view cost = cellOf(cells, header.containing("cost"));
        if (const auto number = leadingNumber(cost)) {
            placement.cost = cost.ends_with('%') ? *number / 100.0 : *number;
            placement.isEstimate = placement.isEstimate || !placement.microseconds;
        }
        return row;
    }
};

} // namespace

std::unique_ptr<PlacementImporter> makeXcodeReportImporter()
{
    return std::make_unique<XcodeReportImporter>();
}

} // namespace syncpoint
