#include "compare/metric/tensor_pair_plan.h"

#include "compare/align/channel_blocks.h"
#include "core/tensor/decode.h"

#include <algorithm>

namespace syncpoint {
namespace {

constexpr std::int64_t kMaxChannels = 65536;

/// The entry's info with the quantization that applies: the store's own, else the graph's.
TensorInfo infoOf(const TensorEntry &entry, const std::shared_ptr<const Quantization> &fromGraph)
{
    TensorInfo info = entry.info;
    if (!info.quantization && fromGraph && fromGraph->isValid() && isInteger(info.dtype) &&
        checkQuantization(*fromGraph, info.shape)) {
        info.quantization = fromGraph;
    }
    return info;
}

/// Integers whose real value is not known without a scale. 64-bit integers and bools are counts,
/// indices and masks: they mean what they say.
bool isRaw(const TensorInfo &info)
{
    return isInteger(info.dtype) && bitWidth(info.dtype) <= 32 && !info.quantization;
}

bool isPlainInteger(const TensorInfo &info)
{
    return (isInteger(info.dtype) || info.dtype == DType::Bool) && !info.quantization;
}

std::optional<PairState> stateOfTypes(const TensorInfo &reference, const TensorInfo &candidate,
                                      const Transform &transform)
{
    if (!isNumeric(reference.dtype) || !isNumeric(candidate.dtype)) {
        return PairState::NotNumeric;
    }
    if (isPlainInteger(reference) && isPlainInteger(candidate) && !transform.dequantize) {
        return std::nullopt;
    }
    if (isRaw(reference) || isRaw(candidate)) {
        return PairState::RawQuantized;
    }
    return std::nullopt;
}

bool isPermutation(std::span<const std::size_t> permutation, std::size_t rank)
{
    std::vector<bool> seen(rank, false);
    for (const std::size_t axis : permutation) {
        if (axis >= rank || seen[axis]) {
            return false;
        }
        seen[axis] = true;
    }
    return permutation.size() == rank;
}

bool shapesFit(const Shape &reference, const Shape &candidate, const Transform &transform)
{
    Shape shape = candidate;
    if (transform.channelBlock > 0 && shape.size() == 4 && reference.size() == 4) {
        shape[1] = std::min(shape[1], reference[1]); // the rest is padding
    }
    if (!transform.permutation.empty()) {
        if (!isPermutation(transform.permutation, candidate.size())) {
            return false;
        }
        for (std::size_t i = 0; i < shape.size(); ++i) {
            shape[i] = candidate[transform.permutation[i]];
        }
    }
    if (transform.reshape && elementCount(*transform.reshape) == elementCount(shape)) {
        shape = *transform.reshape;
    }
    return shape == reference;
}

/// A permutation that only moves axes of extent 1 leaves the order of the elements.
bool movesElements(const Shape &shape, std::span<const std::size_t> permutation)
{
    std::optional<std::size_t> last;
    for (const std::size_t axis : permutation) {
        if (shape[axis] == 1) {
            continue;
        }
        if (last && axis < *last) {
            return true;
        }
        last = axis;
    }
    return false;
}

Result<SideReader> candidateReader(const TensorPair &pair, const TensorInfo &info,
                                   const Shape &reference)
{
    if (pair.transform.channelBlock > 0) {
        const auto stored = pair.candidateStore->read(pair.candidate);
        if (!stored) {
            return stored.error();
        }
        auto plain = withoutChannelBlocks(*stored, pair.transform.channelBlock,
                                          reference.size() == 4 ? reference[1] : 0);
        return plain ? Result<SideReader>(SideReader(std::move(plain).value())) : plain.error();
    }
    if (!movesElements(info.shape, pair.transform.permutation)) {
        return SideReader(*pair.candidateStore, pair.candidate, info);
    }
    auto whole = pair.candidateStore->read(pair.candidate);
    if (!whole) {
        return whole.error();
    }
    auto quantized = whole->withQuantization(info.quantization);
    if (!quantized) {
        return quantized.error();
    }
    auto result = permuted(*quantized, pair.transform.permutation);
    if (!result) {
        return result.error();
    }
    pair.candidateStore->release(pair.candidate, 0, info.elements());
    return SideReader(std::move(result).value());
}

UlpType ulpTypeOf(DType reference, DType candidate)
{
    const auto isOneOf = [&](DType dtype) { return reference == dtype || candidate == dtype; };
    if (isOneOf(DType::Float16) && isOneOf(DType::BFloat16)) {
        return UlpType::BFloat16;
    }
    const auto isKnown = [](DType dtype) {
        return dtype == DType::Float32 || dtype == DType::Float16 || dtype == DType::BFloat16;
    };
    if (!isKnown(reference) || !isKnown(candidate)) {
        return UlpType::None;
    }
    return isOneOf(DType::Float16)    ? UlpType::Float16
           : isOneOf(DType::BFloat16) ? UlpType::BFloat16
                                      : UlpType::Float32;
}

/// The axis of per-axis quantization where shapes tell which it is, else axis 1.
ChannelLayout channelsOf(const Shape &shape, const SideReader &reference,
                         const SideReader &candidate)
{
    ChannelLayout layout;
    if (shape.size() < 2) {
        return layout;
    }
    layout.axis = 1;
    for (const SideReader *side : {&reference, &candidate}) {
        const TensorInfo &info = side->info();
        if (info.quantization && info.quantization->axis && info.shape == shape) {
            layout.axis = *info.quantization->axis;
        }
    }
    const std::int64_t count = shape[layout.axis];
    if (count < 2 || count > kMaxChannels) {
        return layout;
    }
    layout.count = static_cast<std::size_t>(count);
    for (std::size_t axis = layout.axis + 1; axis < shape.size(); ++axis) {
        layout.inner *= static_cast<std::uint64_t>(shape[axis]);
    }
    return layout;
}

} // namespace

Result<TensorPairPlan> planPair(const TensorPair &pair)
{
    const TensorInfo reference =
        infoOf(pair.referenceStore->entry(pair.reference), pair.referenceQuantization);
    const TensorInfo candidate =
        infoOf(pair.candidateStore->entry(pair.candidate), pair.candidateQuantization);
    TensorPairPlan plan;
    plan.state = stateOfTypes(reference, candidate, pair.transform);
    if (!plan.state && !shapesFit(reference.shape, candidate.shape, pair.transform)) {
        plan.state = PairState::ShapeMismatch;
    }
    if (plan.state) {
        return plan;
    }
    auto reader = candidateReader(pair, candidate, reference.shape);
    if (!reader) {
        return reader.error();
    }
    plan.reference.emplace(*pair.referenceStore, pair.reference, reference);
    plan.candidate = std::move(reader).value();
    plan.elements = reference.elements();
    plan.exactTypes = isPlainInteger(reference) && isPlainInteger(candidate);
    plan.ulp = ulpTypeOf(reference.dtype, candidate.dtype);
    if (plan.elements > 0 && !plan.exactTypes) {
        plan.channels = channelsOf(reference.shape, *plan.reference, *plan.candidate);
    }
    return plan;
}

} // namespace syncpoint
