#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/placement/importer.h"
#include "core/placement/profile_trace.h"

namespace syncpoint {
namespace {

/// ONNX Runtime's profiling file: SessionOptions::EnableProfiling(), --profile of its tools.
class OrtProfileImporter final : public PlacementImporter
{
public:
    FormatInfo format() const override
    {
        return {"ort-profile", "ONNX Runtime profile", "*.json",
                "median time and provider of every op; files that were cut off"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        const bool isTrace = start.find_first_not_of(" \r\n\t") == start.find('[') &&
                             (start.find("\"cat\"") != std::string_view::npos) &&
                             start.find("\"ph\"") != std::string_view::npos;
        return !file.isDirectory && isTrace ? ProbeAnswer::Yes : ProbeAnswer::No;
    }
    Result<std::vector<PlacementRow>> read(const std::filesystem::path &path) const override
    {
        const auto file = MappedFile::open(path);
        const auto profiles = file ? nodeProfiles(asText((*file)->bytes()), 0) : file.error();
        if (!profiles) {
            return profiles.error();
        }
        std::vector<PlacementRow> rows;
        for (const auto &[name, profile] : *profiles) {
            PlacementRow row;
            row.placement.kernel = name;
            row.placement.ranOn = profile.provider;
            row.placement.microseconds = profile.microseconds;
            rows.push_back(std::move(row));
        }
        return rows;
    }
};

} // namespace

std::unique_ptr<PlacementImporter> makeOrtProfileImporter()
{
    return std::make_unique<OrtProfileImporter>();
}

} // namespace syncpoint
