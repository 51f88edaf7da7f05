#include "core/formats/safetensors/safetensors_exporter.h"

#include "core/base/atomic_file.h"
#include "core/formats/export_plan.h"
#include "core/formats/safetensors/safetensors_header.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace syncpoint {
namespace {

/// Place of the type in safetensorsTypes().
std::optional<std::size_t> rankOf(DType dtype)
{
    const auto types = safetensorsTypes();
    const auto found = std::find_if(types.begin(), types.end(),
                                    [dtype](const auto &each) { return each.second == dtype; });
    return found == types.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - types.begin()));
}

/// 4-bit floats only where they fill their last byte: the format counts in bits.
bool isHeld(const TensorInfo &info)
{
    return rankOf(info.dtype) && info.elements() * bitWidth(info.dtype) % 8 == 0;
}

const ExportRules kRules{".safetensors", &isHeld};

/// The size of the header, the header, spaces up to a multiple of 8.
std::string headerOf(const std::vector<ExportItem> &items)
{
    using Json = nlohmann::ordered_json;
    std::string text = "{";
    std::uint64_t offset = 0;
    for (const ExportItem &item : items) {
        const TensorInfo &info = item.info;
        const std::uint64_t end = offset + storageBytes(info.dtype, info.elements()).value_or(0);
        const Json fields = {{"dtype", safetensorsTypes()[*rankOf(info.dtype)].first},
                             {"shape", info.shape},
                             {"data_offsets", {offset, end}}};
        text += text.size() == 1 ? "" : ",";
        text += Json(item.entry->name).dump(-1, ' ', false, Json::error_handler_t::replace);
        text += ':' + fields.dump();
        offset = end;
    }
    text += '}';
    text.append((8 - text.size() % 8) % 8, ' ');
    const std::uint64_t size = text.size();
    return std::string(reinterpret_cast<const char *>(&size), kSafetensorsPreamble) + text;
}

class SafetensorsExporter final : public DumpExporter
{
public:
    ExportFormat format() const override
    {
        return {"safetensors", "safetensors file", "*.safetensors",
                "one sample by name; packed integers as int8"};
    }
    Result<ExportSummary> write(const TensorDump &dump, const std::filesystem::path &target,
                                const JobContext &job) const override
    {
        if (auto fits = checkOnlySample(dump, kRules.format); !fits) {
            return fits.error();
        }
        ExportNotes notes;
        auto plan = planExport(dump.samples, kRules, notes);
        if (!plan) {
            return plan.error();
        }
        std::vector<ExportItem> &items = plan->samples.front();
        std::sort(items.begin(), items.end(), [](const ExportItem &a, const ExportItem &b) {
            const auto left = rankOf(a.info.dtype);
            const auto right = rankOf(b.info.dtype);
            return left != right ? left > right : a.entry->name < b.entry->name;
        });
        auto file = AtomicStream::create(target);
        if (!file) {
            return file.error();
        }
        job.beginStage("writing", items.size());
        file->write(headerOf(items));
        auto done = forEachExported(*dump.samples.front(), items, job,
                                    [&file](const ExportItem &, const Tensor &tensor) {
                                        file->write(tensor.bytes());
                                        return Result<void>();
                                    });
        done = done ? file->commit() : done;
        return done ? Result<ExportSummary>({1, items.size(), notes.diagnostics()}) : done.error();
    }
};

} // namespace

std::unique_ptr<DumpExporter> makeSafetensorsExporter()
{
    return std::make_unique<SafetensorsExporter>();
}

} // namespace syncpoint
