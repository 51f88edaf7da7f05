#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/tensor/tensor_dump.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// Collects what an export could not keep: one diagnostic per reason, however many tensors have it.
class ExportNotes
{
public:
    void add(const std::string &reason, const std::string &tensor);
    Diagnostics diagnostics() const;

private:
    struct Tensors
    {
        std::string first;
        std::set<std::string> all;
    };
    std::map<std::string, Tensors> m_reasons;
};

/// A tensor to be written.
struct ExportItem
{
    TensorId id;
    const TensorEntry *entry = nullptr; ///< of the store
    TensorInfo info;                    ///< as it is written: never with quantization
};

/// What a format can hold.
struct ExportRules
{
    std::string_view format; ///< as notes name it: ".npz"
    /// Whether the format has the element type; `info` is without quantization.
    bool (*holds)(const TensorInfo &info);
    /// Whether the format has a place for such a tensor, whatever its type; null takes all.
    std::function<bool(const TensorEntry &)> hasPlace = nullptr;
    bool keepsQuantization = false;
};

/// The tensors that are written, sample by sample.
struct ExportPlan
{
    std::vector<std::vector<ExportItem>> samples;
    std::size_t tensors = 0; ///< of all samples
};

/// The tensors that the format can hold, in the order of the stores. Types it lacks become int8 or
/// uint8 (packed integers) or float32 (small floats), where each value is exact. Fails when nothing
/// is left.
Result<ExportPlan> planExport(const std::vector<std::shared_ptr<const TensorStore>> &samples,
                              const ExportRules &rules, ExportNotes &notes);

/// Reads one item after the other, as it is written, and hands it on. The error names the tensor.
Result<void>
forEachExported(const TensorStore &store, const std::vector<ExportItem> &items,
                const JobContext &job,
                const std::function<Result<void>(const ExportItem &, const Tensor &)> &write);
/// The elements of one item as they are written.
Result<Tensor> readExported(const TensorStore &store, const ExportItem &item);

/// Fails unless the dump has just one sample, for formats that have no place for more.
Result<void> checkOnlySample(const TensorDump &dump, std::string_view format);

} // namespace syncpoint
