#include "compare/session/value_tensors.h"

#include "core/tensor/decode.h"

#include <fmt/format.h>

namespace syncpoint {

std::optional<ValueLocation> locateValue(const ComparedSide &side, ValueId value,
                                         std::size_t sample)
{
    const Value &what = side.graph->value(value);
    ValueLocation location;
    if (side.dump && sample < side.dump->samples.size()) {
        const TensorStore &store = *side.dump->samples[sample];
        if (const auto tensor = store.find(side.graph->qualifiedName(value))) {
            location.store = &store;
            location.tensor = *tensor;
            location.info = store.entry(*tensor).info;
        }
    }
    if (location.store == nullptr) {
        if (!what.constant) {
            return std::nullopt;
        }
        location.constant = &*what.constant;
        location.info = what.constant->info();
    }
    location.quantization =
        location.info.quantization ? location.info.quantization : what.quantization;
    return location;
}

Result<Tensor> readValue(const ComparedSide &side, ValueId value, std::size_t sample)
{
    const auto location = locateValue(side, value, sample);
    if (!location) {
        return Error{ErrorCode::BadInput, fmt::format("no values were captured for '{}'",
                                                      side.graph->qualifiedName(value))};
    }
    auto tensor = location->store != nullptr ? location->store->read(location->tensor)
                                             : Result<Tensor>(*location->constant);
    if (!tensor || tensor->info().quantization || !location->quantization) {
        return tensor;
    }
    return tensor->withQuantization(location->quantization);
}

Result<Tensor> applyTransform(const Tensor &candidate, const Transform &transform)
{
    Tensor tensor = candidate;
    if (!transform.permutation.empty()) {
        auto moved = permuted(tensor, transform.permutation);
        if (!moved) {
            return moved;
        }
        tensor = std::move(moved).value();
    }
    if (transform.reshape) {
        return tensor.reshaped(*transform.reshape);
    }
    return tensor;
}

} // namespace syncpoint
