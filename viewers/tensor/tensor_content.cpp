#include "viewers/tensor/tensor_content.h"

#include "compare/session/value_tensors.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace syncpoint {

namespace {
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 25U;
constexpr std::size_t kHistogramBins = 256;

std::string typeText(const TensorInfo &info)
{
    std::string text{dtypeName(info.dtype)};
    if (info.quantization && info.quantization->scales.size() == 1) {
        const auto &zeroPoints = info.quantization->zeroPoints;
        text += fmt::format(", scale {:.4g}, zero point {}", info.quantization->scales.front(),
                            zeroPoints.empty() ? 0 : zeroPoints.front());
    } else if (info.quantization) {
        text += fmt::format(", {} scales", info.quantization->scales.size());
    }
    return text;
}

/// The first slices along the outermost axis that matters, so that no more than kMostElements are
/// read.
struct Cut
{
    Shape shape;
    std::uint64_t elements = 0;
    std::string badge;
};

Cut cutTo(const Shape &shape)
{
    Cut cut{shape, elementCount(shape).value_or(0), {}};
    if (cut.elements <= kMostElements) {
        return cut;
    }
    std::uint64_t inner = cut.elements;
    for (std::size_t axis = 0; axis < shape.size() && cut.elements > kMostElements; ++axis) {
        inner /= static_cast<std::uint64_t>(shape[axis]);
        const auto keep =
            std::clamp<std::uint64_t>(kMostElements / std::max<std::uint64_t>(inner, 1), 1,
                                      static_cast<std::uint64_t>(shape[axis]));
        cut.shape[axis] = static_cast<std::int64_t>(keep);
        cut.elements = keep * inner;
        cut.badge = fmt::format("first {} of {} along axis {}", keep, shape[axis], axis);
    }
    return cut;
}

/// One captured tensor, cut when it is large. A large tensor that needs permuting is refused: its
/// slices are not contiguous.
Result<Tensor> readShown(const ComparedSide &side, ValueId value, std::size_t sample,
                         const Transform &transform, std::string &badge)
{
    const auto location = locateValue(side, value, sample);
    if (location && location->store != nullptr && location->info.elements() > kMostElements) {
        if (!transform.permutation.empty()) {
            return Error{
                ErrorCode::Limit,
                "this tensor is too large to be permuted for display; its scores are complete"};
        }
        const Cut cut = cutTo(transform.reshape.value_or(location->info.shape));
        auto part = location->store->readRange(location->tensor, 0, cut.elements);
        if (!part) {
            return part;
        }
        badge = cut.badge;
        auto shaped = part->reshaped(cut.shape);
        if (!shaped || !location->quantization || location->quantization->axis) {
            return shaped;
        }
        return shaped->withQuantization(location->quantization);
    }
    auto tensor = readValue(side, value, sample);
    return tensor ? applyTransform(*tensor, transform) : tensor;
}

void fillSide(TensorSide &shown, const ComparedSide &side, ValueId value, std::size_t sample,
              const Transform &transform, TensorContent &content)
{
    shown.name = side.graph->qualifiedName(value);
    auto tensor = readShown(side, value, sample, transform, content.badge);
    auto values = tensor ? decodeAll(tensor->view()) : Result<std::vector<float>>(tensor.error());
    if (!values) {
        content.problem = values.error().message;
        return;
    }
    shown.type = typeText(tensor->info());
    shown.captured = std::move(tensor).value();
    shown.values = std::move(values).value();
    content.shape = shown.captured.info().shape;
}

double meanStep(const Tensor &tensor)
{
    const auto &quantization = tensor.info().quantization;
    if (!quantization || quantization->scales.empty()) {
        return 0.0;
    }
    const auto &scales = quantization->scales;
    return std::accumulate(scales.begin(), scales.end(), 0.0) / static_cast<double>(scales.size());
}

/// The step of a dequantized float tensor is that of the integers it came from.
double stepOf(const ComparisonResult &result, const SyncPoint &point, const Tensor &captured)
{
    if (const double step = meanStep(captured); step > 0.0) {
        return step;
    }
    for (const ValueId member : point.candidateClass) {
        if (const auto &quantization = result.candidate.graph->value(member).quantization) {
            return std::accumulate(quantization->scales.begin(), quantization->scales.end(), 0.0) /
                   static_cast<double>(std::max<std::size_t>(quantization->scales.size(), 1));
        }
    }
    return 0.0;
}
} // namespace

TensorContent loadTensorContent(const TensorRequest &request, const JobContext &job)
{
    TensorContent content;
    const ComparisonResult &result = *request.result;
    if (request.point.isValid()) {
        const SyncPoint &point = result.alignment.point(request.point);
        fillSide(content.candidate, result.candidate, point.candidate, request.sample,
                 point.transform, content);
        fillSide(content.reference, result.baseline, point.reference, request.sample, {}, content);
        content.channels = result.point(request.point).channels;
        content.isOutput = std::find(result.outputs.begin(), result.outputs.end(), request.point) !=
                           result.outputs.end();
        content.step = stepOf(result, point, content.candidate.captured);
        if (content.badge.empty() && point.transform.reshape) {
            content.badge = "reshaped";
        }
        if (content.hasBoth() &&
            content.reference.values.size() != content.candidate.values.size()) {
            content.problem = "the two tensors have different sizes and no transform explains it";
            content.candidate.values.clear();
        }
    } else if (request.value.isValid()) {
        TensorSide &shown = request.onCandidate ? content.candidate : content.reference;
        fillSide(shown, request.onCandidate ? result.candidate : result.baseline, request.value,
                 request.sample, {}, content);
    }
    if (job.isCancelled()) {
        return content;
    }
    summarize(content);
    return content;
}

void summarize(TensorContent &content)
{
    content.extent = extentOf(content.reference.values, content.candidate.values);
    for (TensorSide *side : {&content.reference, &content.candidate}) {
        side->histogram = histogramOf(side->values, content.extent, kHistogramBins);
    }
}

} // namespace syncpoint
