#include "core/base/byte_reader.h"
#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"
#include "core/placement/importer.h"

#include <nlohmann/json.hpp>

namespace syncpoint {
namespace {

using Json = nlohmann::json;

/// {"neuralEngine": {…}} → "neuralEngine"
std::string unitOf(const Json *device)
{
    return device != nullptr && device->is_object() && !device->empty() ? device->begin().key()
                                                                        : std::string();
}

/// The name in the last component of a path that has one: an output of an operation, or a layer.
std::string nameOf(const Json &info)
{
    std::string name;
    for (const Json &component : listOf(objectOf(info, "path"), "components")) {
        for (const auto &[kind, key] :
             {std::pair{"programOperation", "outputName"}, {"neuralNetworkLayer", "name"}}) {
            const std::string_view found = textOf(objectOf(objectOf(component, kind), "data"), key);
            if (!found.empty()) {
                name = found;
            }
        }
    }
    return name;
}

/// MLComputePlan as coremltools' ModelRunner writes it: where the ops would run, no measurement.
class ComputePlanImporter final : public PlacementImporter
{
public:
    FormatInfo format() const override
    {
        return {"compute-plan", "Core ML compute plan", "*.json",
                "preferred and supported units, estimated cost"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        return start.find("\"infos\"") != std::string_view::npos ||
                       start.find("\"deviceUsage\"") != std::string_view::npos
                   ? ProbeAnswer::Yes
                   : ProbeAnswer::No;
    }
    Result<std::vector<PlacementRow>> read(const std::filesystem::path &path) const override
    {
        const auto plan = readBoundedJson(path);
        if (!plan) {
            return plan.error();
        }
        std::vector<PlacementRow> rows;
        for (const Json &info : listOf(*plan, "infos")) {
            PlacementRow row;
            OpPlacement &placement = row.placement;
            placement.kernel = nameOf(info);
            const Json &usage = objectOf(info, "deviceUsage");
            placement.ranOn = unitOf(fieldOf(usage, "preferred"));
            for (const Json &device : listOf(usage, "supported")) {
                placement.supportedBy.push_back(unitOf(&device));
            }
            placement.cost = numberOf(info, "estimatedCost");
            placement.isEstimate = true;
            placement.reason = placement.ranOn.empty() ? "" : "preferred by the compute plan";
            if (!placement.kernel.empty()) {
                rows.push_back(std::move(row));
            }
        }
        return rows;
    }
};

} // namespace

std::unique_ptr<PlacementImporter> makeComputePlanImporter()
{
    return std::make_unique<ComputePlanImporter>();
}

} // namespace syncpoint
