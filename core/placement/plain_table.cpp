#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"
#include "core/placement/csv_rows.h"
#include "core/placement/importer.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint {
namespace {

using Json = nlohmann::json;

bool isTrue(std::string_view cell)
{
    return cell == "true" || cell == "yes" || cell == "1";
}

std::vector<std::string> textsOf(const Json &object, const char *key)
{
    std::vector<std::string> texts;
    for (const Json &text : listOf(object, key)) {
        if (!plainText(text).empty()) {
            texts.emplace_back(plainText(text));
        }
    }
    return texts;
}

bool isFlagSet(const Json &object, const char *key)
{
    const Json *flag = fieldOf(object, key);
    return flag != nullptr && *flag == true;
}

PlacementRow rowOf(const Json &object)
{
    PlacementRow row;
    row.names = textsOf(object, "ops");
    OpPlacement &placement = row.placement;
    placement.kernel = textOf(object, "op");
    if (placement.kernel.empty() && !row.names.empty()) {
        placement.kernel = fmt::format("{}", fmt::join(row.names, " + "));
    }
    placement.ranOn = textOf(object, "ran_on");
    placement.supportedBy = textsOf(object, "supported_by");
    placement.isExcluded = isFlagSet(object, "excluded");
    placement.reason = textOf(object, "reason");
    placement.microseconds = numberOf(object, "time_us");
    placement.cost = numberOf(object, "cost");
    placement.isEstimate = isFlagSet(object, "estimated");
    return row;
}

PlacementRow rowOf(const CsvHeader &header, const CsvRow &cells)
{
    const auto cell = [&](std::string_view name) { return cellOf(cells, header.named(name)); };
    PlacementRow row;
    OpPlacement &placement = row.placement;
    placement.kernel = cell("op");
    placement.ranOn = cell("ran_on");
    placement.supportedBy = partsOf(cell("supported_by"), "; ");
    placement.isExcluded = isTrue(cell("excluded"));
    placement.reason = cell("reason");
    placement.microseconds = leadingNumber(cell("time_us"));
    placement.cost = leadingNumber(cell("cost"));
    placement.isEstimate = isTrue(cell("estimated"));
    return row;
}

/// The format to write by hand or by a script.
class PlainTableImporter final : public PlacementImporter
{
public:
    FormatInfo format() const override
    {
        return {"placement", "placement table", "*.csv *.json",
                "op, ran_on, supported_by, excluded, reason, time_us, cost, estimated"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        const bool isJson = start.find("\"placement\"") != std::string_view::npos;
        return !file.isDirectory && (isJson || isHeader(start)) ? ProbeAnswer::Yes
                                                                : ProbeAnswer::No;
    }
    Result<std::vector<PlacementRow>> read(const std::filesystem::path &path) const override
    {
        const auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        const std::string_view text = asText((*file)->bytes());
        auto rows = isHeader(text) ? readTable(text) : readJson(text);
        if (rows) {
            std::erase_if(*rows,
                          [](const PlacementRow &row) { return row.placement.kernel.empty(); });
        }
        return rows;
    }

private:
    static bool isHeader(std::string_view text)
    {
        const auto first = parseCsv(text.substr(0, text.find('\n')));
        return first && !first->empty() && CsvHeader(first->front()).named("op");
    }
    static Result<std::vector<PlacementRow>> readTable(std::string_view text)
    {
        const auto table = parseCsv(text);
        if (!table) {
            return table.error();
        }
        std::vector<PlacementRow> rows;
        const CsvHeader header(table->front());
        for (auto cells = table->begin() + 1; cells != table->end(); ++cells) {
            rows.push_back(rowOf(header, *cells));
        }
        return rows;
    }
    static Result<std::vector<PlacementRow>> readJson(std::string_view text)
    {
        const auto document = parseBoundedJson(text);
        if (!document) {
            return document.error();
        }
        std::vector<PlacementRow> rows;
        for (const Json &object : listOf(*document, "placement")) {
            rows.push_back(rowOf(object));
        }
        return rows;
    }
};

} // namespace

std::unique_ptr<PlacementImporter> makePlainTableImporter()
{
    return std::make_unique<PlainTableImporter>();
}

} // namespace syncpoint
