#include "compare/session/replay_tensors.h"

#include "compare/session/value_tensors.h"
#include "core/tensor/decode.h"

#include <algorithm>

namespace syncpoint {

namespace {
/// The shape of the root's tensor: as captured, else as the model declares it.
std::optional<Shape> rootShape(const ComparisonResult &result, ValueId root, std::size_t sample)
{
    if (const auto where = locateValue(result.baseline, root, sample)) {
        return where->info.shape;
    }
    const auto &declared = result.baseline.graph->value(root).shape;
    const bool isKnown =
        declared && std::all_of(declared->begin(), declared->end(), [](auto e) { return e >= 0; });
    return isKnown ? declared : std::nullopt;
}

/// Undoes `region.fromRoot`: reshapes and permutes back.
Result<Tensor> atRoot(const ComparisonResult &result, Tensor tensor, const ReplayRegion &region,
                      std::size_t sample)
{
    const Transform &transform = region.fromRoot;
    if (transform.permutation.empty() && !transform.reshape) {
        return tensor;
    }
    const auto shape = rootShape(result, region.root, sample);
    const auto &axes = transform.permutation;
    const bool fits =
        shape && (axes.empty() || axes.size() == shape->size()) &&
        std::all_of(axes.begin(), axes.end(), [&](auto axis) { return axis < axes.size(); });
    if (!fits) {
        return Error{ErrorCode::Unsupported, "the shape of the op's own result is not known"};
    }
    if (axes.empty()) {
        return tensor.reshaped(*shape);
    }
    Shape moved;
    std::vector<std::size_t> back(axes.size());
    for (std::size_t i = 0; i < axes.size(); ++i) {
        moved.push_back((*shape)[axes[i]]);
        back[axes[i]] = i;
    }
    auto reshaped = tensor.reshaped(moved);
    return reshaped ? permuted(*reshaped, back) : reshaped;
}

Result<Tensor> asReals(const Tensor &tensor)
{
    const TensorInfo &info = tensor.info();
    if (!info.quantization && (info.dtype == DType::Float32 || !isFloat(info.dtype))) {
        return tensor;
    }
    const auto values = decodeAll(tensor.view());
    if (!values) {
        return values.error();
    }
    return Tensor::fromFloats(info.shape, *values);
}
} // namespace

Result<Tensor> candidateAtRoot(const ComparisonResult &result, SyncPointId id,
                               const ReplayRegion &region, std::span<const Rounding> later,
                               std::size_t sample)
{
    const SyncPoint &point = result.alignment.point(id);
    const auto captured = readValue(result.candidate, point.candidate, sample);
    if (!captured) {
        return captured;
    }
    const auto compared = asReals(*captured);
    const auto reals = compared ? rounded(*compared, later) : compared;
    if (!reals) {
        return reals;
    }
    const auto moved = applyTransform(*reals, point.transform);
    return moved ? atRoot(result, *moved, region, sample) : moved;
}

Result<Tensor> baselineAtRoot(const ComparisonResult &result, SyncPointId id,
                              const ReplayRegion &region, std::size_t sample)
{
    const auto captured = readValue(result.baseline, result.alignment.point(id).reference, sample);
    if (!captured) {
        return captured;
    }
    const auto reals = asReals(*captured);
    return reals ? atRoot(result, *reals, region, sample) : reals;
}

} // namespace syncpoint
