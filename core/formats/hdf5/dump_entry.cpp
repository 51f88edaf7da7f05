#include "core/formats/hdf5/dump_entry.h"

#include "core/formats/hdf5/dump_names.h"
#include "core/formats/hdf5/element_type.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint::hdf5 {

namespace {
std::shared_ptr<const Quantization>
quantizationOf(const Attributes &attributes, const TensorEntry &entry, Diagnostics &diagnostics)
{
    auto result = std::make_shared<Quantization>();
    result->scales = attributes.numbers("scale");
    if (result->scales.empty()) {
        return nullptr;
    }
    result->zeroPoints = attributes.integers("zero_point");
    if (result->zeroPoints.size() == 1 && result->scales.size() > 1) {
        result->zeroPoints.assign(result->scales.size(), result->zeroPoints.front());
    }
    const auto axis = attributes.integer("axis");
    if (axis && result->scales.size() > 1) {
        const auto rank = static_cast<std::int64_t>(entry.info.shape.size());
        result->axis = static_cast<std::size_t>(*axis < 0 ? *axis + rank : *axis);
        const std::int64_t block = attributes.integer("block_size").value_or(0);
        result->blockSize = static_cast<std::uint64_t>(std::max<std::int64_t>(block, 0));
    }
    if (const auto fits = checkQuantization(*result, entry.info.shape); !fits) {
        diagnostics.push_back({Diagnostic::Severity::Warning, entry.name,
                               "its quantization is not used: " + fits.error().message});
        return nullptr;
    }
    return result;
}
} // namespace

TensorEntry foreignEntry(const std::string &key, const Dataset &dataset)
{
    TensorEntry entry;
    entry.name = key;
    entry.info = {dataset.stored, dataset.shape, nullptr};
    return entry;
}

Result<TensorEntry> dumpEntry(const std::string &key, const Dataset &dataset,
                              Diagnostics &diagnostics)
{
    const Attributes &attributes = dataset.attributes;
    TensorEntry entry;
    entry.name = attributes.text("name");
    if (entry.name.empty()) {
        entry.name = nameOfKey(key);
    }
    entry.kind = kindFromName(attributes.text("kind")).value_or(TensorEntry::Kind::Intermediate);
    entry.node = attributes.text("node");
    entry.opType = attributes.text("op_type");
    entry.module = attributes.text("module");
    entry.layout = attributes.text("layout");
    entry.info = {dataset.stored, dataset.shape, nullptr};
    if (const std::string logical = attributes.text("dtype"); !logical.empty()) {
        const auto dtype = dtypeFromName(logical);
        if (!dtype || !canHold(dataset.stored, *dtype)) {
            return Error{ErrorCode::BadFormat,
                         fmt::format("the dataset is not used: its dtype '{}' does not fit the "
                                     "stored {}",
                                     logical, dtypeName(dataset.stored))};
        }
        entry.info.dtype = *dtype;
    }
    entry.info.quantization = quantizationOf(attributes, entry, diagnostics);
    return entry;
}

} // namespace syncpoint::hdf5
