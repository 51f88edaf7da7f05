#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/openvino/ir_xml.h"
#include "core/placement/csv_rows.h"
#include "core/placement/importer.h"

namespace syncpoint {
namespace {

constexpr const char *kTime = "execTimeMcs";
constexpr const char *kOriginal = "originalLayersNames";

PlacementRow rowOf(const pugi::xml_node &layer)
{
    const pugi::xml_node data = layer.child("data");
    PlacementRow row;
    OpPlacement &placement = row.placement;
    placement.kernel = layer.attribute("name").value();
    row.names = partsOf(data.attribute(kOriginal).value(), ",");
    placement.ranOn = "OpenVINO";
    const std::string_view time = data.attribute(kTime).value();
    placement.microseconds = leadingNumber(time);
    placement.reason =
        time == "not_executed" ? "not executed" : data.attribute("primitiveType").value();
    return row;
}

/// An execution graph: benchmark_app -exec_graph_path, or a serialized get_runtime_model().
class OpenVinoGraphImporter final : public PlacementImporter
{
public:
    FormatInfo format() const override
    {
        return {"openvino-exec-graph", "OpenVINO execution graph", "*.xml",
                "measured time and kernel of every executed layer with the ops it stands for"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        return start.find("<net") != std::string_view::npos &&
                       (start.find(kTime) != std::string_view::npos ||
                        start.find(kOriginal) != std::string_view::npos)
                   ? ProbeAnswer::Yes
                   : ProbeAnswer::No;
    }
    Result<std::vector<PlacementRow>> read(const std::filesystem::path &path) const override
    {
        const auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        const auto document = parseIrXml(asText((*file)->bytes()));
        if (!document) {
            return document.error();
        }
        std::vector<PlacementRow> rows;
        for (const pugi::xml_node &layer : (*document)->child("net").child("layers")) {
            if (layer.child("data")) {
                rows.push_back(rowOf(layer));
            }
        }
        return rows;
    }
};

} // namespace

std::unique_ptr<PlacementImporter> makeOpenVinoGraphImporter()
{
    return std::make_unique<OpenVinoGraphImporter>();
}

} // namespace syncpoint
