#include "core/formats/npy/npz_exporter.h"

#include "core/base/atomic_file.h"
#include "core/formats/export_plan.h"
#include "core/formats/npy/npy_writer.h"
#include "core/formats/zip/zip_writer.h"

namespace syncpoint {
namespace {

const ExportRules kRules{".npz", [](const TensorInfo &info) { return hasNpyType(info.dtype); }};

ZipContent memberOf(const std::shared_ptr<const TensorStore> &store, const ExportItem &item)
{
    ZipContent member;
    member.name = item.entry->name + ".npy";
    member.head = npyHeaderOf(item.info.dtype, item.info.shape);
    member.bodySize = storageBytes(item.info.dtype, item.info.elements()).value_or(0);
    member.body = [store, item]() -> Result<OwnedBytes> {
        auto tensor = readExported(*store, item);
        if (!tensor) {
            return tensor.error();
        }
        const std::shared_ptr<const Tensor> owner(
            new Tensor(*std::move(tensor)), [store, item](const Tensor *written) {
                delete written;
                store->release(item.id, 0, item.info.elements());
            });
        return OwnedBytes{owner->bytes(), owner};
    };
    return member;
}

class NpzExporter final : public DumpExporter
{
public:
    ExportFormat format() const override
    {
        return {
            "npz", "NumPy archive", "*.npz",
            "one sample by name; bfloat16 and 8-bit floats as float32, packed integers as int8"};
    }
    Result<ExportSummary> write(const TensorDump &dump, const std::filesystem::path &target,
                                const JobContext &job) const override
    {
        if (auto fits = checkOnlySample(dump, kRules.format); !fits) {
            return fits.error();
        }
        ExportNotes notes;
        const auto plan = planExport(dump.samples, kRules, notes);
        if (!plan) {
            return plan.error();
        }
        auto file = AtomicFile::create(target);
        if (!file) {
            return file.error();
        }
        std::vector<ZipContent> members;
        for (const ExportItem &item : plan->samples.front()) {
            members.push_back(memberOf(dump.samples.front(), item));
        }
        job.beginStage("writing", plan->tensors);
        auto done = writeZip(file->temporaryPath(), std::move(members), job);
        done = done ? file->commit() : done;
        return done ? Result<ExportSummary>({1, plan->tensors, notes.diagnostics()}) : done.error();
    }
};

} // namespace

std::unique_ptr<DumpExporter> makeNpzExporter()
{
    return std::make_unique<NpzExporter>();
}

} // namespace syncpoint
