#include "core/base/byte_reader.h"
#include "core/placement/csv_rows.h"
#include "core/placement/importer.h"

#include <set>

namespace syncpoint {
namespace {

/// "[model/conv/Relu]:3" → "model/conv/Relu": the number is the op's place in the plan.
std::string_view withoutBrackets(std::string_view name)
{
    const std::size_t close = name.rfind(']');
    return name.starts_with('[') && close != std::string_view::npos ? name.substr(1, close - 1)
                                                                    : name;
}

/// The name is the last column, and lists all outputs: it may hold commas itself.
std::string restOf(const CsvRow &row, std::size_t column)
{
    std::string rest;
    for (std::size_t i = column; i < row.size(); ++i) {
        rest += (i == column ? "" : ",") + row[i];
    }
    return rest;
}

/// benchmark_model --enable_op_profiling=true --op_profiling_output_mode=csv: tables under titles,
/// the same ops in several orders.
class TfliteProfileImporter final : public PlacementImporter
{
public:
    FormatInfo format() const override
    {
        return {"tflite-profile", "TFLite op profile", "*.csv",
                "average time per op, delegates (benchmark_model, CSV)"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        return start.find("node type") != std::string_view::npos &&
                       start.find("times called") != std::string_view::npos
                   ? ProbeAnswer::Yes
                   : ProbeAnswer::No;
    }
    Result<std::vector<PlacementRow>> read(const std::filesystem::path &path) const override
    {
        const auto table = readCsv(path);
        if (!table) {
            return table.error();
        }
        std::vector<PlacementRow> rows;
        std::set<std::string, std::less<>> seen;
        std::optional<CsvHeader> header;
        for (const CsvRow &cells : *table) {
            if (cells.front().find("node type") != std::string::npos) {
                header.emplace(cells);
                continue;
            }
            const auto name = header ? header->containing("name") : std::nullopt;
            if (!name || cells.size() <= *name || !seen.insert(restOf(cells, *name)).second) {
                continue;
            }
            rows.push_back(rowOf(*header, cells, restOf(cells, *name)));
        }
        return rows;
    }

private:
    static PlacementRow rowOf(const CsvHeader &header, const CsvRow &cells, const std::string &name)
    {
        PlacementRow row;
        row.placement.kernel = withoutBrackets(name);
        row.names = partsOf(row.placement.kernel, ",");
        const std::string &type = cells.front();
        row.placement.ranOn = type.find("Delegate") != std::string::npos ? type : "CPU";
        if (const auto time = leadingNumber(cellOf(cells, header.containing("avg")))) {
            row.placement.microseconds = *time * 1e3;
        }
        if (const auto share = leadingNumber(cellOf(cells, header.containing("%")))) {
            row.placement.cost = *share / 100.0;
        }
        return row;
    }
};

} // namespace

std::unique_ptr<PlacementImporter> makeTfliteProfileImporter()
{
    return std::make_unique<TfliteProfileImporter>();
}

} // namespace syncpoint
