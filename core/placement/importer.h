#pragma once
#include "core/formats/loader.h"
#include "core/placement/op_placements.h"

#include <memory>
#include <string>
#include <vector>

namespace syncpoint {

/// One row of a report. Without names it speaks of the op called `placement.kernel`.
struct PlacementRow
{
    std::vector<std::string> names; ///< of the ops, or of values they make; in execution order
    OpPlacement placement;
};

/// Reads reports of one format. Stateless. Rows without a name are left out.
class PlacementImporter
{
public:
    virtual ~PlacementImporter() = default;
    virtual FormatInfo format() const = 0;
    virtual ProbeAnswer probe(const FileProbe &file) const = 0;
    virtual Result<std::vector<PlacementRow>> read(const std::filesystem::path &path) const = 0;
};

std::unique_ptr<PlacementImporter> makeOrtProfileImporter();
std::unique_ptr<PlacementImporter> makeComputePlanImporter();
std::unique_ptr<PlacementImporter> makeTensorRtImporter(); ///< layer information, and its profile
std::unique_ptr<PlacementImporter> makeTfliteProfileImporter();
std::unique_ptr<PlacementImporter> makeOpenVinoGraphImporter();
std::unique_ptr<PlacementImporter> makeXcodeReportImporter();
std::unique_ptr<PlacementImporter> makePlainTableImporter();

/// Every report format, in the order they are asked: a new one is one line in importer_list.cpp.
std::vector<std::unique_ptr<PlacementImporter>> builtinPlacementImporters();

/// Reads a report with the importer that recognises it. The error reads `loading FILE: …`.
Result<std::vector<PlacementRow>> loadPlacementRows(const std::filesystem::path &path);

} // namespace syncpoint
