#include "core/formats/hdf5/dump_exporter.h"

#include "core/formats/export_plan.h"
#include "core/formats/hdf5/dump_writer.h"

namespace syncpoint {
namespace {

const ExportRules kRules{"a Syncpoint dump",
                         [](const TensorInfo &info) { return info.dtype != DType::Undefined; },
                         nullptr, true};

class Hdf5Exporter final : public DumpExporter
{
public:
    ExportFormat format() const override
    {
        return {"hdf5", "Syncpoint dump", "*.h5 *.hdf5",
                "everything: samples, all types, scales, ops, modules, the graph, times, noise"};
    }
    Result<ExportSummary> write(const TensorDump &dump, const std::filesystem::path &target,
                                const JobContext &job) const override
    {
        ExportNotes notes;
        const auto plan = planExport(dump.samples, kRules, notes);
        if (!plan) {
            return plan.error();
        }
        auto writer = DumpWriter::create(
            target, {dump.producer, dump.model, dump.modelSha256, dump.runtime}, {});
        if (!writer) {
            return writer.error();
        }
        job.beginStage("writing", plan->tensors);
        auto done = writeSamples(dump.samples, *plan, **writer, &DumpWriter::write, job);
        const auto plain = dump.plainOutputs.empty() ? Result<ExportPlan>(ExportPlan())
                                                     : planExport(dump.plainOutputs, kRules, notes);
        done = done && plain ? writeSamples(dump.plainOutputs, *plain, **writer,
                                            &DumpWriter::writePlainOutput, job)
                             : done;
        done = done && dump.graph ? (*writer)->writeGraph(*dump.graph) : done;
        done = done && dump.profile ? (*writer)->writeProfile(*dump.profile) : done;
        done = done && dump.noise ? (*writer)->writeNoise(*dump.noise) : done;
        done = done ? (*writer)->finish() : done;
        return done ? Result<ExportSummary>(
                          {dump.samples.size(), plan->tensors, notes.diagnostics()})
                    : done.error();
    }

private:
    using Write = Result<void> (DumpWriter::*)(std::size_t, const TensorEntry &, const Tensor &);

    static Result<void> writeSamples(const std::vector<std::shared_ptr<const TensorStore>> &samples,
                                     const ExportPlan &plan, DumpWriter &writer, Write write,
                                     const JobContext &job)
    {
        for (std::size_t i = 0; i < samples.size(); ++i) {
            auto done = forEachExported(*samples[i], plan.samples[i], job,
                                        [&](const ExportItem &item, const Tensor &tensor) {
                                            return (writer.*write)(i, *item.entry, tensor);
                                        });
            if (!done) {
                return done;
            }
        }
        return {};
    }
};

} // namespace

std::unique_ptr<DumpExporter> makeHdf5Exporter()
{
    return std::make_unique<Hdf5Exporter>();
}

} // namespace syncpoint
