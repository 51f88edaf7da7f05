#include "compare/align/channel_blocks.h"
#include "core/tensor/decode.h"

#include <algorithm>

namespace syncpoint {
namespace {

/// Copies `count` values of a plain row, value i from the position `at(i)`.
template <typename Position>
Tensor gathered(Shape shape, const std::vector<float> &stored, Position at)
{
    std::vector<float> values(elementCount(shape).value_or(0));
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = stored[at(i)];
    }
    return Tensor::fromFloats(std::move(shape), values);
}

/// How many output and input channels remain when trailing ones that are all zero are left out.
std::pair<std::size_t, std::size_t> usedChannels(std::span<const float> filter, std::size_t outputs,
                                                 std::size_t inputs, std::size_t taps)
{
    std::size_t usedOutputs = 0;
    std::size_t usedInputs = 0;
    for (std::size_t row = 0; row < outputs * inputs; ++row) {
        const auto numbers = filter.subspan(row * taps, taps);
        if (std::any_of(numbers.begin(), numbers.end(), [](float x) { return x != 0.0F; })) {
            usedOutputs = row / inputs + 1;
            usedInputs = std::max(usedInputs, row % inputs + 1);
        }
    }
    return {usedOutputs, usedInputs};
}

} // namespace

bool worksInChannelBlocks(const Node &node)
{
    return node.domain == "com.microsoft.nchwc" && node.opType != "ReorderOutput";
}

std::optional<Tensor> filterWithoutBlocks(const Tensor &stored, std::size_t block)
{
    const Shape &shape = stored.info().shape;
    const auto values = decodeAll(stored.view());
    if (shape.size() != 4 || stored.elements() == 0 || !values ||
        static_cast<std::size_t>(shape[0]) % block != 0) {
        return std::nullopt;
    }
    const auto outputs = static_cast<std::size_t>(shape[0]);
    const auto inputs = static_cast<std::size_t>(shape[1]);
    const auto taps = static_cast<std::size_t>(shape[2] * shape[3]);
    const std::size_t inner = inputs < block ? 1 : block;
    if (inputs % inner != 0) {
        return std::nullopt;
    }
    const auto position = [&](std::size_t o, std::size_t i, std::size_t tap) {
        const std::size_t outer = (o / block * (inputs / inner) + i / inner) * taps + tap;
        return (outer * inner + i % inner) * block + o % block;
    };
    const Tensor plain = gathered(shape, *values, [&](std::size_t at) {
        return position(at / taps / inputs, at / taps % inputs, at % taps);
    });
    const auto all = decodeAll(plain.view());
    const auto [usedOutputs, usedInputs] = usedChannels(*all, outputs, inputs, taps);
    if (usedOutputs == 0) {
        return std::nullopt;
    }
    return gathered({static_cast<std::int64_t>(usedOutputs), static_cast<std::int64_t>(usedInputs),
                     shape[2], shape[3]},
                    *all, [&, used = usedInputs](std::size_t at) {
                        return (at / taps / used * inputs + at / taps % used) * taps + at % taps;
                    });
}

Result<Tensor> withoutChannelBlocks(const Tensor &stored, std::size_t block, std::int64_t channels)
{
    const Shape &shape = stored.info().shape;
    if (shape.size() != 4 || block == 0 || shape[1] % static_cast<std::int64_t>(block) != 0 ||
        channels < 1 || channels > shape[1]) {
        return Error{ErrorCode::BadInput,
                     "the tensor " + toText(shape) + " is not stored in blocks of channels"};
    }
    const auto values = decodeAll(stored.view());
    if (!values) {
        return values.error();
    }
    const auto all = static_cast<std::size_t>(shape[1]);
    const auto kept = static_cast<std::size_t>(channels);
    const auto area = static_cast<std::size_t>(shape[2] * shape[3]);
    return gathered({shape[0], channels, shape[2], shape[3]}, *values, [&](std::size_t at) {
        const std::size_t sample = at / area / kept;
        const std::size_t channel = at / area % kept;
        return ((sample * all + channel / block * block) * area + at % area * block) +
               channel % block;
    });
}

} // namespace syncpoint
