#include "core/base/byte_reader.h"
#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"
#include "core/placement/csv_rows.h"
#include "core/placement/importer.h"

#include <nlohmann/json.hpp>

namespace syncpoint {
namespace {

using Json = nlohmann::json;

/// "[ONNX Layer: /a/Conv]\x1f[ONNX Layer: /a/Relu]"
std::vector<std::string> opsOfMetadata(std::string_view metadata)
{
    constexpr std::string_view kStart = "[ONNX Layer: ";
    std::vector<std::string> ops;
    for (const std::string &part : partsOf(metadata, "\x1e\x1f")) {
        if (part.starts_with(kStart) && part.ends_with(']')) {
            ops.push_back(part.substr(kStart.size(), part.size() - kStart.size() - 1));
        }
    }
    return ops;
}

PlacementRow rowOf(std::string_view kernel)
{
    PlacementRow row;
    row.placement.kernel = kernel;
    row.placement.ranOn = "TensorRT";
    if (kernel.find(" + ") != std::string_view::npos) { // older fusions: "a + b"
        row.names = partsOf(kernel, "+");
    }
    return row;
}

/// trtexec --exportLayerInfo: {"Layers": [{"Name", "Metadata", …} or a name, …]}.
std::vector<PlacementRow> layersOf(const Json &report)
{
    std::vector<PlacementRow> rows;
    for (const Json &layer : listOf(report, "Layers")) {
        const std::string_view name = layer.is_string() ? plainText(layer) : textOf(layer, "Name");
        if (name.empty()) {
            continue;
        }
        PlacementRow row = rowOf(name);
        if (auto ops = opsOfMetadata(textOf(layer, "Metadata")); !ops.empty()) {
            row.names = std::move(ops);
        }
        row.placement.reason = textOf(layer, "TacticName");
        rows.push_back(std::move(row));
    }
    return rows;
}

/// trtexec --exportProfile: [{"count": N}, {"name", "medianMs", "averageMs", "percentage"}, …].
std::vector<PlacementRow> profileOf(const Json &report)
{
    std::vector<PlacementRow> rows;
    for (const Json &layer : report) {
        const std::string_view name = textOf(layer, "name");
        if (name.empty()) {
            continue;
        }
        PlacementRow row = rowOf(name);
        const auto median = numberOf(layer, "medianMs");
        const auto milliseconds = median ? median : numberOf(layer, "averageMs");
        if (milliseconds) {
            row.placement.microseconds = *milliseconds * 1e3;
        }
        if (const auto percentage = numberOf(layer, "percentage")) {
            row.placement.cost = *percentage / 100.0;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// Both reports of trtexec. The profile knows only kernels: layer information that was read before
/// it tells their ops.
class TensorRtImporter final : public PlacementImporter
{
public:
    FormatInfo format() const override
    {
        return {"tensorrt", "TensorRT layer information and profile", "*.json",
                "fused kernels with their ONNX ops (--exportLayerInfo, detailed), times "
                "(--exportProfile)"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        const bool isLayers = start.find("\"Layers\"") != std::string_view::npos;
        const bool isProfile = start.find("\"averageMs\"") != std::string_view::npos;
        return isLayers || isProfile ? ProbeAnswer::Yes : ProbeAnswer::No;
    }
    Result<std::vector<PlacementRow>> read(const std::filesystem::path &path) const override
    {
        const auto report = readBoundedJson(path);
        if (!report) {
            return report.error();
        }
        return report->is_array() ? profileOf(*report) : layersOf(*report);
    }
};

} // namespace

std::unique_ptr<PlacementImporter> makeTensorRtImporter()
{
    return std::make_unique<TensorRtImporter>();
}

} // namespace syncpoint
