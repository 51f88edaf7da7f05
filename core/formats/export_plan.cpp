#include "core/formats/export_plan.h"

#include "core/base/count_text.h"
#include "core/tensor/encode.h"
#include "core/tensor/summary_store.h"
#include "core/tensor/widen.h"

#include <fmt/format.h>
#include <optional>

namespace syncpoint {

namespace {
/// The common type that holds every value of a rare one; nothing when there is none.
std::optional<DType> commonTypeFor(DType dtype)
{
    if (isInteger(dtype) && bitWidth(dtype) < 8) {
        const bool isSigned = dtype == DType::Int4 || dtype == DType::Int2;
        return isSigned ? DType::Int8 : DType::UInt8;
    }
    return isFloat(dtype) && bitWidth(dtype) <= 16 ? std::optional(DType::Float32) : std::nullopt;
}

/// The same values as elements of commonTypeFor() of its type.
Result<Tensor> inCommonType(const Tensor &tensor)
{
    const TensorInfo &info = tensor.info();
    if (isFloat(info.dtype)) {
        std::vector<float> values(tensor.elements());
        widen(tensor.bytes(), info.dtype, 0, values);
        return Tensor::fromFloats(info.shape, values);
    }
    std::vector<std::int64_t> values(tensor.elements());
    widen(tensor.bytes(), info.dtype, 0, values);
    return encodeIntegers(*commonTypeFor(info.dtype), info.shape, values);
}

/// How the format holds the tensor; nothing, and a note, when it cannot.
std::optional<TensorInfo> writtenInfo(const TensorEntry &entry, const ExportRules &rules,
                                      ExportNotes &notes)
{
    TensorInfo info{entry.info.dtype, entry.info.shape, nullptr};
    if (rules.holds(info)) {
        return info;
    }
    const auto common = commonTypeFor(info.dtype);
    const TensorInfo widened{common.value_or(DType::Undefined), info.shape, nullptr};
    const std::string lack =
        fmt::format("{} has no {}", rules.format,
                    info.dtype == DType::Undefined ? "type for it" : dtypeName(info.dtype));
    if (!common || !rules.holds(widened)) {
        notes.add("left out: " + lack, entry.name);
        return std::nullopt;
    }
    notes.add(fmt::format("written as {}, which holds every value: {}", dtypeName(*common), lack),
              entry.name);
    return widened;
}
} // namespace

void ExportNotes::add(const std::string &reason, const std::string &tensor)
{
    Tensors &tensors = m_reasons[reason];
    if (tensors.all.empty()) {
        tensors.first = tensor;
    }
    tensors.all.insert(tensor);
}

Diagnostics ExportNotes::diagnostics() const
{
    Diagnostics all;
    for (const auto &[reason, tensors] : m_reasons) {
        const std::size_t more = tensors.all.size() - 1;
        const std::string others =
            more == 0 ? "" : fmt::format(" (and {})", countText(more, "more tensor"));
        all.push_back({Diagnostic::Severity::Warning, tensors.first, reason + others});
    }
    return all;
}

namespace {
/// Why the format does not take a tensor, whatever its type; empty when it does.
std::string refusal(const TensorStore &store, TensorId id, const ExportRules &rules)
{
    const TensorEntry &entry = store.entry(id);
    if (rules.hasPlace && !rules.hasPlace(entry)) {
        return fmt::format("left out: {} has no place for tensors of its kind", rules.format);
    }
    if (store.find(entry.name) != id) {
        return "left out: another tensor has the same name";
    }
    return summaryOf(store, id) ? "left out: the dump holds only statistics of it" : "";
}

std::vector<ExportItem> itemsOf(const TensorStore &store, const ExportRules &rules,
                                ExportNotes &notes)
{
    std::vector<ExportItem> items;
    for (std::size_t i = 0; i < store.entries().size(); ++i) {
        const TensorId id{i};
        const TensorEntry &entry = store.entry(id);
        if (entry.name.empty()) { // nobody could ask for it
            continue;
        }
        if (const std::string why = refusal(store, id, rules); !why.empty()) {
            notes.add(why, entry.name);
            continue;
        }
        auto info = writtenInfo(entry, rules, notes);
        if (!info) {
            continue;
        }
        if (entry.info.quantization && !rules.keepsQuantization) {
            notes.add(fmt::format("written as stored: {} has no place for scale and zero point",
                                  rules.format),
                      entry.name);
        }
        items.push_back({id, &entry, *std::move(info)});
    }
    return items;
}
} // namespace

Result<ExportPlan> planExport(const std::vector<std::shared_ptr<const TensorStore>> &samples,
                              const ExportRules &rules, ExportNotes &notes)
{
    ExportPlan plan;
    for (const auto &sample : samples) {
        plan.samples.push_back(itemsOf(*sample, rules, notes));
        plan.tensors += plan.samples.back().size();
    }
    if (plan.tensors > 0) {
        return plan;
    }
    const Diagnostics why = notes.diagnostics();
    return Error{ErrorCode::BadInput, why.empty()
                                          ? "there is no tensor to write"
                                          : fmt::format("there is no tensor to write; '{}' is {}",
                                                        why.front().where, why.front().text)};
}

Result<Tensor> readExported(const TensorStore &store, const ExportItem &item)
{
    auto tensor = store.read(item.id);
    if (!tensor) {
        return tensor;
    }
    if (tensor->info().dtype == item.info.dtype) {
        return tensor->withQuantization(nullptr);
    }
    auto widened = inCommonType(*tensor);
    return widened ? widened
                   : widened.error().withContext(fmt::format("tensor '{}'", item.entry->name));
}

Result<void>
forEachExported(const TensorStore &store, const std::vector<ExportItem> &items,
                const JobContext &job,
                const std::function<Result<void>(const ExportItem &, const Tensor &)> &write)
{
    for (const ExportItem &item : items) {
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        const auto tensor = readExported(store, item);
        if (!tensor) {
            return tensor.error();
        }
        if (auto done = write(item, *tensor); !done) {
            return done.error().withContext(fmt::format("tensor '{}'", item.entry->name));
        }
        store.release(item.id, 0, item.info.elements());
        job.advance();
    }
    return {};
}

Result<void> checkOnlySample(const TensorDump &dump, std::string_view format)
{
    return dump.samples.size() == 1
               ? Result<void>()
               : Error{ErrorCode::BadInput,
                       fmt::format("{} has {} samples and {} holds one: choose it",
                                   dump.path.string(), dump.samples.size(), format)};
}

} // namespace syncpoint
