#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/placement/csv_rows.h"
#include "core/placement/importer.h"

#include <array>

namespace syncpoint {
namespace {

constexpr std::string_view kTime = "execTimeMcs";
constexpr std::string_view kOriginal = "originalLayersNames";

std::string unescaped(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    std::string out;
    while (!text.empty()) {
        std::size_t used = 1;
        char c = text.front();
        for (const auto &[entity, sign] : kEntities) {
            if (text.starts_with(entity)) {
                used = entity.size();
                c = sign;
            }
        }
        out += c;
        text.remove_prefix(used);
    }
    return out;
}

/// The value of an attribute of a tag such as `layer id="3" name="conv"`; empty when absent.
std::string attributeOf(std::string_view tag, std::string_view name)
{
    for (std::size_t at = tag.find(name); at != std::string_view::npos;
         at = tag.find(name, at + 1)) {
        const std::string_view rest = tag.substr(at + name.size());
        const bool isWhole =
            at > 0 && (tag[at - 1] == ' ' || tag[at - 1] == '\n' || tag[at - 1] == '\t');
        if (isWhole && rest.starts_with("=\"")) {
            return unescaped(rest.substr(2, rest.find('"', 2) - 2));
        }
    }
    return {};
}

/// Takes the text up to the end of the next tag; gives the tag without its brackets. Attributes of
/// this format hold no bare '>'.
std::string_view takeTag(std::string_view &text)
{
    const std::size_t open = text.find('<');
    const std::size_t close = open == std::string_view::npos ? open : text.find('>', open);
    if (close == std::string_view::npos) {
        text = {};
        return {};
    }
    const std::string_view tag = text.substr(open + 1, close - open - 1);
    text.remove_prefix(close + 1);
    return tag;
}

PlacementRow rowOf(std::string name, std::string_view data)
{
    PlacementRow row;
    OpPlacement &placement = row.placement;
    placement.kernel = std::move(name);
    row.names = partsOf(attributeOf(data, kOriginal), ",");
    placement.ranOn = "OpenVINO";
    const std::string time = attributeOf(data, kTime);
    placement.microseconds = leadingNumber(time);
    placement.reason = time == "not_executed" ? "not executed" : attributeOf(data, "primitiveType");
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
        std::vector<PlacementRow> rows;
        std::string layer;
        std::string_view text = asText((*file)->bytes());
        while (!text.empty()) {
            const std::string_view tag = takeTag(text);
            if (tag.starts_with("layer ")) {
                layer = attributeOf(tag, "name");
            } else if (tag.starts_with("data ") && !layer.empty()) {
                rows.push_back(rowOf(std::move(layer), tag));
                layer.clear();
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
