#include "compare/session/value_tensors.h"

#include "compare/align/channel_blocks.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
using Stores = std::vector<std::shared_ptr<const TensorStore>>;

std::optional<ValueLocation> locateIn(const Stores &samples, std::size_t sample, const Graph &graph,
                                      ValueId value)
{
    if (sample >= samples.size()) {
        return std::nullopt;
    }
    const TensorStore &store = *samples[sample];
    const auto tensor = store.find(graph.qualifiedName(value));
    if (!tensor) {
        return std::nullopt;
    }
    ValueLocation location;
    location.store = &store;
    location.tensor = *tensor;
    location.info = store.entry(*tensor).info;
    location.quantization =
        location.info.quantization ? location.info.quantization : graph.value(value).quantization;
    return location;
}
} // namespace

std::optional<ValueLocation> locateValue(const ComparedSide &side, ValueId value,
                                         std::size_t sample)
{
    auto captured =
        side.dump ? locateIn(side.dump->samples, sample, *side.graph, value) : std::nullopt;
    const Value &what = side.graph->value(value);
    if (captured || !what.constant) {
        return captured;
    }
    ValueLocation location;
    location.constant = &*what.constant;
    location.info = what.constant->info();
    location.quantization =
        location.info.quantization ? location.info.quantization : what.quantization;
    return location;
}

std::optional<ValueLocation> locatePlainOutput(const ComparedSide &side, ValueId output,
                                               std::size_t sample)
{
    return side.dump ? locateIn(side.dump->plainOutputs, sample, *side.graph, output)
                     : std::nullopt;
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
    if (transform.channelBlock > 0 && candidate.info().shape.size() == 4) {
        auto plain =
            withoutChannelBlocks(candidate, transform.channelBlock, candidate.info().shape[1]);
        if (!plain) {
            return plain;
        }
        tensor = std::move(plain).value();
    }
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
