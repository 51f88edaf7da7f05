#include "viewers/tensor/tensor_content.h"

#include "compare/session/value_tensors.h"
#include "core/tensor/decode.h"
#include "core/tensor/integer_range.h"
#include "viewers/tensor/weight_content.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace syncpoint {

namespace {
constexpr std::size_t kHistogramBins = 256;

} // namespace

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

namespace {
/// One captured tensor with its numbers; a large one in part. A large tensor that needs permuting
/// is refused: its slices are not contiguous.
struct Shown
{
    Tensor captured;
    std::vector<float> values;
    TensorPart part;
};

Result<Shown> readPart(const ValueLocation &location, const Transform &transform,
                       const TensorRequest &request)
{
    if (!transform.permutation.empty() || transform.channelBlock > 0) {
        return Error{
            ErrorCode::Limit,
            "this tensor is too large to be permuted for display; its scores are complete"};
    }
    Shown shown;
    shown.part =
        partOf(transform.reshape.value_or(location.info.shape), request.part, request.partElements);
    const auto range =
        location.store != nullptr
            ? location.store->readRange(location.tensor, shown.part.first, shown.part.elements())
            : location.constant->range(shown.part.first, shown.part.elements());
    if (!range) {
        return range.error();
    }
    TensorInfo whole = location.info;
    whole.quantization = location.quantization;
    if (!isNumeric(whole.dtype)) {
        return Error{ErrorCode::Unsupported, "this tensor holds no numbers"};
    }
    shown.values.resize(shown.part.elements());
    decodePart(range->view(), whole, shown.part.first, shown.values);
    auto shaped = range->reshaped(shown.part.shape);
    if (!shaped) {
        return shaped.error();
    }
    shown.captured = std::move(shaped).value();
    return shown;
}

Result<Shown> readShown(const ComparedSide &side, ValueId value, const Transform &transform,
                        const TensorRequest &request)
{
    const auto location = locateValue(side, value, request.sample);
    if (location && location->info.elements() > request.mostElements) {
        return readPart(*location, transform, request);
    }
    const auto tensor = readValue(side, value, request.sample);
    if (!tensor) {
        return tensor.error();
    }
    auto moved = applyTransform(*tensor, transform);
    if (!moved) {
        return moved.error();
    }
    auto values = decodeAll(moved->view());
    if (!values) {
        return values.error();
    }
    return Shown{*moved, std::move(values).value(),
                 partOf(moved->info().shape, 0, moved->elements())};
}
} // namespace

void fillSide(TensorSide &side, const ComparedSide &compared, ValueId value,
              const Transform &transform, const TensorRequest &request, TensorContent &content)
{
    side.name = compared.graph->qualifiedName(value);
    auto shown = readShown(compared, value, transform, request);
    if (!shown) {
        content.problem = shown.error().message;
        return;
    }
    side.type = typeText(shown->captured.info());
    side.captured = std::move(shown->captured);
    side.values = std::move(shown->values);
    content.part = std::move(shown->part);
    content.shape = content.part.shape;
    if (!content.part.isWhole()) {
        content.badge = fmt::format("part {} of {}", content.part.index + 1, content.part.count);
    }
}

namespace {
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

std::optional<QuantizationGrid> gridOf(const Quantization &quantization, DType dtype)
{
    const auto integers = integerRange(dtype);
    if (!integers || quantization.scales.size() != 1 || !(quantization.scales.front() > 0.0)) {
        return std::nullopt;
    }
    const double step = quantization.scales.front();
    const std::int64_t zero = quantization.zeroPoints.empty() ? 0 : quantization.zeroPoints.front();
    return QuantizationGrid{step,
                            {static_cast<double>(integers->least - zero) * step,
                             static_cast<double>(integers->most - zero) * step}};
}

namespace {
/// (level / 255 − mean) / std backwards, for what the session feeds.
std::optional<std::array<std::pair<double, double>, 3>> levelsOf(const ComparisonResult &result,
                                                                 const Value &input)
{
    const PictureSettings &pictures = result.config.inputs.pictures;
    if (!input.isInput || !isFloat(input.dtype) ||
        (pictures.mean.empty() && pictures.std.empty())) {
        return std::nullopt;
    }
    std::array<std::pair<double, double>, 3> levels;
    const auto of = [](const std::vector<double> &values, std::size_t channel, double otherwise) {
        return values.empty() ? otherwise : values[std::min(channel, values.size() - 1)];
    };
    for (std::size_t channel = 0; channel < levels.size(); ++channel) {
        levels[channel] = {of(pictures.std, channel, 1.0), of(pictures.mean, channel, 0.0)};
    }
    return levels;
}

/// As stepOf(): a dequantized tensor has the grid of the integers it came from.
std::optional<QuantizationGrid> gridOf(const ComparisonResult &result, const SyncPoint &point,
                                       const Tensor &captured)
{
    if (captured.info().quantization) {
        return gridOf(*captured.info().quantization, captured.info().dtype);
    }
    for (const ValueId member : point.candidateClass) {
        const Value &value = result.candidate.graph->value(member);
        if (value.quantization) {
            return gridOf(*value.quantization, value.dtype);
        }
    }
    return std::nullopt;
}
} // namespace

TensorContent loadTensorContent(const TensorRequest &request, const JobContext &job)
{
    TensorContent content;
    const ComparisonResult &result = *request.result;
    if (request.isWeight) {
        loadWeight(request, content);
    } else if (request.point.isValid()) {
        const SyncPoint &point = result.alignment.point(request.point);
        fillSide(content.candidate, result.candidate, point.candidate, point.transform, request,
                 content);
        fillSide(content.reference, result.baseline, point.reference, {}, request, content);
        content.channels = result.point(request.point).channels;
        content.isOutput = std::find(result.outputs.begin(), result.outputs.end(), request.point) !=
                           result.outputs.end();
        content.step = stepOf(result, point, content.candidate.captured);
        content.levels = levelsOf(result, result.baseline.graph->value(point.reference));
        content.grid = gridOf(result, point, content.candidate.captured);
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
        fillSide(shown, request.onCandidate ? result.candidate : result.baseline, request.value, {},
                 request, content);
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
