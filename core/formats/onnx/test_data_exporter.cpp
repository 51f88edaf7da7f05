#include "core/formats/onnx/test_data_exporter.h"

#include "core/base/atomic_file.h"
#include "core/formats/export_plan.h"
#include "core/formats/onnx/onnx_types.h"
#include "core/graph/graph.h"

#include <algorithm>
#include <fmt/format.h>
#include <protozero/buffer_string.hpp>
#include <protozero/pbf_writer.hpp>
#include <protozero/varint.hpp>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;
using Kind = TensorEntry::Kind;

/// Fields of TensorProto. Source: onnx.proto.
struct TensorField
{
    static constexpr protozero::pbf_tag_type dims = 1, dataType = 2, stringData = 6, name = 8,
                                             rawData = 9;
};

/// A message of protobuf must stay below 2 GiB; the rest is for names and extents.
bool isHeld(const TensorInfo &info)
{
    constexpr std::uint64_t kMostBytes = (std::uint64_t{1} << 31U) - (std::uint64_t{1} << 20U);
    return onnxTypeOf(info.dtype) &&
           (info.dtype == DType::String || storageBytes(info.dtype, info.elements()) <= kMostBytes);
}

bool isInterface(const TensorEntry &entry)
{
    return entry.kind == Kind::Input || entry.kind == Kind::Output;
}

const ExportRules kRules{"ONNX test data", &isHeld, &isInterface};

/// The message up to the elements, in the order of the field numbers.
std::string messageStart(const ExportItem &item, const Tensor &tensor)
{
    std::string message;
    protozero::pbf_writer out(message);
    for (const std::int64_t extent : item.info.shape) {
        out.add_int64(TensorField::dims, extent);
    }
    out.add_int32(TensorField::dataType, *onnxTypeOf(item.info.dtype));
    if (item.info.dtype == DType::String) {
        for (const std::string &text : tensor.strings()) {
            out.add_bytes(TensorField::stringData, text);
        }
        out.add_string(TensorField::name, item.entry->name);
        return message;
    }
    out.add_string(TensorField::name, item.entry->name);
    constexpr std::uint32_t kBytes = 2; // wire type: a length, then the bytes
    protozero::add_varint_to_buffer(&message, TensorField::rawData << 3U | kBytes);
    protozero::add_varint_to_buffer(&message, tensor.bytes().size());
    return message;
}

Result<void> writeTensor(const fs::path &path, const ExportItem &item, const Tensor &tensor)
{
    auto file = AtomicStream::create(path);
    if (!file) {
        return file.error();
    }
    file->write(messageStart(item, tensor));
    if (item.info.dtype != DType::String) {
        file->write(tensor.bytes());
    }
    return file->commit();
}

/// Place of a name among values of the model, behind all where it is none of them.
std::size_t placeOf(const Graph &graph, const std::vector<ValueId> &values, const std::string &name)
{
    const auto found = std::find_if(values.begin(), values.end(), [&](ValueId value) {
        return graph.qualifiedName(value) == name;
    });
    return static_cast<std::size_t>(found - values.begin());
}

/// Inputs before outputs, each in the model's order.
void sortAsModel(std::vector<ExportItem> &items, const Graph *graph)
{
    const auto key = [graph](const ExportItem &item) {
        const bool isOutput = item.entry->kind == Kind::Output;
        const std::size_t place =
            graph == nullptr
                ? 0
                : placeOf(*graph, isOutput ? graph->mainScope().outputs : graph->mainScope().inputs,
                          item.entry->name);
        return std::pair(isOutput, place);
    };
    std::stable_sort(items.begin(), items.end(),
                     [&key](const ExportItem &a, const ExportItem &b) { return key(a) < key(b); });
}

class OnnxTestDataExporter final : public DumpExporter
{
public:
    ExportFormat format() const override
    {
        return {"onnx-test-data", "ONNX test data", "",
                "folder of test_data_set_N per sample with inputs and outputs; 6, 3 and 1 bit as "
                "uint8"};
    }
    Result<ExportSummary> write(const TensorDump &dump, const fs::path &target,
                                const JobContext &job) const override
    {
        ExportNotes notes;
        auto plan = planExport(dump.samples, kRules, notes);
        if (!plan) {
            return plan.error();
        }
        auto folder = AtomicFolder::create(target);
        if (!folder) {
            return folder.error();
        }
        job.beginStage("writing", plan->tensors);
        for (std::size_t i = 0; i < plan->samples.size(); ++i) {
            sortAsModel(plan->samples[i], dump.graph.get());
            const fs::path set = folder->path() / fmt::format("test_data_set_{}", i);
            if (auto done = writeSet(*dump.samples[i], plan->samples[i], set, job); !done) {
                return done.error();
            }
        }
        const auto done = folder->commit();
        return done ? Result<ExportSummary>(
                          {plan->samples.size(), plan->tensors, notes.diagnostics()})
                    : done.error();
    }

private:
    static Result<void> writeSet(const TensorStore &store, const std::vector<ExportItem> &items,
                                 const fs::path &folder, const JobContext &job)
    {
        std::error_code problem;
        if (!fs::create_directory(folder, problem)) {
            return Error{ErrorCode::Io, fmt::format("cannot make the folder {}: {}",
                                                    folder.string(), problem.message())};
        }
        std::size_t inputs = 0;
        std::size_t outputs = 0;
        return forEachExported(
            store, items, job, [&](const ExportItem &item, const Tensor &tensor) {
                const bool isInput = item.entry->kind == Kind::Input;
                return writeTensor(folder / (isInput ? fmt::format("input_{}.pb", inputs++)
                                                     : fmt::format("output_{}.pb", outputs++)),
                                   item, tensor);
            });
    }
};
} // namespace

std::unique_ptr<DumpExporter> makeOnnxTestDataExporter()
{
    return std::make_unique<OnnxTestDataExporter>();
}

} // namespace syncpoint
