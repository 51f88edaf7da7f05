#include "core/base/byte_reader.h"
#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"
#include "core/formats/raw/raw_loaders.h"

#include <charconv>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace syncpoint {
namespace {

using Json = nlohmann::json;

/// "1x3x224x224"; nothing for anything else. A scalar has no extents.
std::optional<Shape> shapeOfText(std::string_view text)
{
    constexpr std::size_t kMostRank = 64;
    Shape shape;
    while (!text.empty()) {
        std::int64_t extent = 0;
        const char *end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, extent);
        const bool isLast = read.ptr == end;
        if (read.ec != std::errc{} || extent < 0 || shape.size() == kMostRank ||
            (!isLast && *read.ptr != 'x')) {
            return std::nullopt;
        }
        shape.push_back(extent);
        text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()) + (isLast ? 0U : 1U));
    }
    return shape;
}

float valueOf(const Json &value)
{
    const std::string_view text = plainText(value);
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    return value.is_number()     ? value.get<float>()
           : text == "Infinity"  ? kInfinity
           : text == "-Infinity" ? -kInfinity
                                 : std::numeric_limits<float>::quiet_NaN();
}

/// [{"name", "dimensions": "1x3x…", "values": […]}, …]; the type is lost, all become float32.
class TensorRtOutputLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"tensorrt-output", "TensorRT output", "*.json",
                "outputs that trtexec --exportOutput wrote, as float32"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        return !file.isDirectory && start.find("\"dimensions\"") != std::string_view::npos &&
                       start.find("\"values\"") != std::string_view::npos
                   ? ProbeAnswer::Yes
                   : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext & /*job*/) const override
    {
        const auto json = readBoundedJson(path, {.depth = 8});
        if (!json) {
            return json.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "tensorrt-output";
        dump->producer = "TensorRT";
        std::vector<MemoryTensorStore::Item> items;
        for (const Json &output : *json) {
            const std::string name(textOf(output, "name"));
            const Json &values = listOf(output, "values");
            const auto shape = shapeOfText(textOf(output, "dimensions"));
            if (name.empty() || !shape || elementCount(*shape) != values.size()) {
                dump->diagnostics.push_back(
                    {Diagnostic::Severity::Warning, name,
                     fmt::format("the output is not used: it has {} values for the dimensions '{}'",
                                 values.size(), textOf(output, "dimensions"))});
                continue;
            }
            std::vector<float> numbers;
            for (const Json &value : values) {
                numbers.push_back(valueOf(value));
            }
            MemoryTensorStore::Item item;
            item.entry.name = name;
            item.entry.kind = TensorEntry::Kind::Output;
            item.tensor = Tensor::fromFloats(*shape, numbers);
            items.push_back(std::move(item));
        }
        if (items.empty()) {
            return Error{ErrorCode::BadFormat, "the file holds no usable outputs"};
        }
        dump->samples.push_back(std::make_shared<const MemoryTensorStore>(std::move(items)));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeTensorRtOutputLoader()
{
    return std::make_unique<TensorRtOutputLoader>();
}

} // namespace syncpoint
