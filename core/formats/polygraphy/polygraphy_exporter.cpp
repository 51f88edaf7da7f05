#include "core/formats/polygraphy/polygraphy_exporter.h"

#include "core/base/atomic_file.h"
#include "core/formats/export_plan.h"
#include "core/formats/npy/npy_writer.h"
#include "core/formats/polygraphy/base64.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint {
namespace {

using Kind = TensorEntry::Kind;

std::string quoted(const std::string &text)
{
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool isInput(const TensorEntry &entry)
{
    return entry.kind == Kind::Input;
}

bool holdsOnlyInputs(const TensorDump &dump)
{
    return std::all_of(dump.samples.begin(), dump.samples.end(), [](const auto &sample) {
        return std::all_of(sample->entries().begin(), sample->entries().end(), &isInput);
    });
}

/// Outputs and intermediates; inputs only where there is nothing else, parameters never.
ExportRules rulesFor(bool areInputs)
{
    return {"Polygraphy's JSON", [](const TensorInfo &info) { return hasNpyType(info.dtype); },
            [areInputs](const TensorEntry &entry) {
                return areInputs ? isInput(entry)
                                 : !isInput(entry) && entry.kind != Kind::Parameter;
            }};
}

/// Text of the document around the arrays. Source of the layout: polygraphy/comparator/struct.py
/// and polygraphy/json/serde.py.
class Document
{
public:
    Document(AtomicStream &file, const TensorDump &dump, bool areInputs)
        : m_file(file), m_areInputs(areInputs),
          m_runner(quoted(dump.runtime.empty() ? "syncpoint" : dump.runtime))
    {
        if (dump.profile && dump.profile->latency) {
            constexpr double kMicrosecond = 1e-6;
            m_seconds = fmt::format("{}", dump.profile->latency->p50 * kMicrosecond);
        }
        m_file.write(areInputs ? "[" : fmt::format("{{\"lst\": [[{}, [", m_runner));
    }

    Result<void> addSample(const TensorStore &store, const std::vector<ExportItem> &items,
                           const JobContext &job)
    {
        m_file.write(std::exchange(m_isFirst, false) ? "" : ", ");
        m_file.write(m_areInputs ? "{" : "{\"outputs\": {");
        bool isFirst = true;
        auto done =
            forEachExported(store, items, job, [&](const ExportItem &item, const Tensor &tensor) {
                m_file.write(std::exchange(isFirst, false) ? "" : ", ");
                m_file.write(quoted(item.entry->name) + ": ");
                addArray(item, tensor);
                return Result<void>();
            });
        m_file.write(m_areInputs ? "}"
                                 : fmt::format("}}, \"runtime\": {}, \"runner_name\": {}, "
                                               "\"polygraphy_class\": \"IterationResult\"}}",
                                               m_seconds, m_runner));
        return done;
    }
    void end() { m_file.write(m_areInputs ? "]" : "]]], \"polygraphy_class\": \"RunResults\"}"); }

private:
    void addArray(const ExportItem &item, const Tensor &tensor)
    {
        m_file.write(m_areInputs ? "{\"array\": \"" : "{\"values\": {\"array\": \"");
        polygraphy::Base64Encoder encoder([this](std::string_view text) { m_file.write(text); });
        const std::string header = npyHeaderOf(item.info.dtype, item.info.shape);
        encoder.add(std::as_bytes(std::span(header)));
        encoder.add(tensor.bytes());
        encoder.finish();
        m_file.write("\", \"polygraphy_class\": \"ndarray\"}");
        m_file.write(m_areInputs ? "" : ", \"polygraphy_class\": \"LazyArray\"}");
    }

    AtomicStream &m_file;
    bool m_areInputs;
    bool m_isFirst = true;
    std::string m_runner;
    std::string m_seconds = "null"; ///< per iteration
};

class PolygraphyExporter final : public DumpExporter
{
public:
    ExportFormat format() const override
    {
        return {"polygraphy", "Polygraphy results", "*.json",
                "outputs and intermediates of all samples as one runner's iterations, or inputs "
                "alone; types as for .npz"};
    }
    Result<ExportSummary> write(const TensorDump &dump, const std::filesystem::path &target,
                                const JobContext &job) const override
    {
        const bool areInputs = holdsOnlyInputs(dump);
        ExportNotes notes;
        const auto plan = planExport(dump.samples, rulesFor(areInputs), notes);
        if (!plan) {
            return plan.error();
        }
        auto file = AtomicStream::create(target);
        if (!file) {
            return file.error();
        }
        job.beginStage("writing", plan->tensors);
        Document document(*file, dump, areInputs);
        for (std::size_t i = 0; i < dump.samples.size(); ++i) {
            if (auto done = document.addSample(*dump.samples[i], plan->samples[i], job); !done) {
                return done.error();
            }
        }
        document.end();
        const auto done = file->commit();
        return done ? Result<ExportSummary>(
                          {dump.samples.size(), plan->tensors, notes.diagnostics()})
                    : done.error();
    }
};

} // namespace

std::unique_ptr<DumpExporter> makePolygraphyExporter()
{
    return std::make_unique<PolygraphyExporter>();
}

} // namespace syncpoint
