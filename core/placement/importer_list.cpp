#include "core/placement/importer.h"

#include <fmt/format.h>

namespace syncpoint {

std::vector<std::unique_ptr<PlacementImporter>> builtinPlacementImporters()
{
    std::vector<std::unique_ptr<PlacementImporter>> importers;
    importers.push_back(makeOrtProfileImporter());
    importers.push_back(makeComputePlanImporter());
    importers.push_back(makeTensorRtImporter());
    importers.push_back(makeOpenVinoGraphImporter());
    importers.push_back(makeTfliteProfileImporter());
    importers.push_back(makeXcodeReportImporter());
    importers.push_back(makePlainTableImporter());
    return importers;
}

Result<std::vector<PlacementRow>> loadPlacementRows(const std::filesystem::path &path)
{
    const auto probe = FileProbe::of(path);
    if (!probe) {
        return probe.error();
    }
    const auto failed = [&path](const Error &error) {
        return error.withContext(fmt::format("loading {}", path.string()));
    };
    for (const auto &importer : builtinPlacementImporters()) {
        if (importer->probe(*probe) != ProbeAnswer::Yes) {
            continue;
        }
        auto rows = importer->read(path);
        if (!rows) {
            return failed(rows.error());
        }
        return rows->empty() ? Result<std::vector<PlacementRow>>(failed(
                                   {ErrorCode::BadFormat, "the report has no row with an op"}))
                             : std::move(rows);
    }
    return failed({ErrorCode::BadFormat, "not a report on placement of a known format (see "
                                         "`syncpoint-cli formats`)"});
}

} // namespace syncpoint
