#include "core/formats/tflite/quantization.h"

#include "core/formats/flatbuffer.h"
#include "core/formats/tflite/tensor_types.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <fmt/format.h>
#include <tflite_generated.h>

namespace syncpoint {

namespace {
using Parameters = std::shared_ptr<const Quantization>;

Error badParameters(std::string message)
{
    return {ErrorCode::BadFormat, std::move(message)};
}

/// Leaves `zeroPoints` empty when all are 0, which is what weights have.
void setZeroPoints(Quantization &result, std::vector<std::int64_t> zeroPoints)
{
    if (std::any_of(zeroPoints.begin(), zeroPoints.end(), [](auto zero) { return zero != 0; })) {
        if (zeroPoints.size() == 1) {
            zeroPoints.resize(result.scales.size(), zeroPoints.front());
        }
        result.zeroPoints = std::move(zeroPoints);
    }
}

Result<Parameters> affine(const tflite::QuantizationParameters &stored, std::size_t rank)
{
    Quantization result;
    result.scales = numbersOf<double>(stored.scale());
    if (result.scales.empty()) {
        return Parameters{}; // a range that was only observed
    }
    setZeroPoints(result, numbersOf<std::int64_t>(stored.zero_point()));
    if (!result.zeroPoints.empty() && result.zeroPoints.size() != result.scales.size()) {
        return badParameters(fmt::format("it has {} scales but {} zero points",
                                         result.scales.size(), result.zeroPoints.size()));
    }
    if (result.scales.size() > 1) {
        if (stored.quantized_dimension() < 0) {
            return badParameters(
                fmt::format("its scales run along axis {}", stored.quantized_dimension()));
        }
        // Biases have the axis of their weights, though they have but one.
        result.axis = rank == 1 ? 0 : static_cast<std::size_t>(stored.quantized_dimension());
    }
    return std::make_shared<const Quantization>(std::move(result));
}

/// The constant that blockwise parameters refer to; nothing when it holds no data.
Result<std::optional<Tensor>> constantAt(std::int32_t index, const tflite::SubGraph &graph,
                                         const TfliteBuffers &buffers)
{
    if (index < 0 || static_cast<std::size_t>(index) >= countOf(graph.tensors())) {
        return std::optional<Tensor>();
    }
    const auto *tensor = graph.tensors()->Get(static_cast<std::uint32_t>(index));
    const auto data = buffers.bytes(tensor->buffer());
    if (!data) {
        return data.error();
    }
    if (data->empty()) {
        return std::optional<Tensor>();
    }
    auto constant = buffers.constant(
        {dtypeOfTflite(tensor->type()), numbersOf<std::int64_t>(tensor->shape()), nullptr}, *data);
    if (!constant) {
        return constant.error();
    }
    return std::optional<Tensor>(std::move(constant).value());
}

/// The axis along which `scales` has one entry per block, all other extents being equal.
std::optional<std::size_t> blockedAxis(const Shape &shape, const Shape &scales, std::int64_t block)
{
    std::optional<std::size_t> axis;
    for (std::size_t i = 0; i < shape.size() && scales.size() == shape.size(); ++i) {
        if (scales[i] == shape[i]) {
            continue;
        }
        const bool isBlocked = scales[i] == shape[i] / block + (shape[i] % block != 0 ? 1 : 0);
        if (axis || !isBlocked) {
            return std::nullopt;
        }
        axis = i;
    }
    return axis;
}

Result<Parameters> blockwise(const tflite::Tensor &tensor,
                             const tflite::BlockwiseQuantization &stored,
                             const tflite::SubGraph &graph, const TfliteBuffers &buffers)
{
    const auto scales = constantAt(stored.scales(), graph, buffers);
    // Symmetric weights name no tensor, or one without data.
    const auto zeroPoints = constantAt(stored.zero_points(), graph, buffers);
    if (!scales || !zeroPoints) {
        return (scales ? zeroPoints : scales).error().withContext("reading its block scales");
    }
    if (!*scales || !isFloat((*scales)->info().dtype) || stored.block_size() <= 0) {
        return badParameters("its block scales are missing");
    }
    const Shape shape = numbersOf<std::int64_t>(tensor.shape());
    const auto axis = blockedAxis(shape, (*scales)->info().shape, stored.block_size());
    if (!axis) {
        return badParameters(fmt::format("block scales of shape {} do not fit its shape {}",
                                         toText((*scales)->info().shape), toText(shape)));
    }
    Quantization result;
    result.axis = axis;
    result.blockSize = static_cast<std::uint64_t>(stored.block_size());
    result.scales.resize((*scales)->elements());
    decode((*scales)->view(), 0, std::span<double>(result.scales));
    if (*zeroPoints && isInteger((*zeroPoints)->info().dtype)) {
        std::vector<std::int64_t> numbers((*zeroPoints)->elements());
        decodeRaw((*zeroPoints)->view(), 0, numbers);
        setZeroPoints(result, std::move(numbers));
    }
    return std::make_shared<const Quantization>(std::move(result));
}
} // namespace

Result<Parameters> quantizationOf(const tflite::Tensor &tensor, const tflite::SubGraph &graph,
                                  const TfliteBuffers &buffers)
{
    const auto *stored = tensor.quantization();
    if (stored == nullptr || !isInteger(dtypeOfTflite(tensor.type()))) {
        return Parameters{};
    }
    if (const auto *blocks = stored->details_as_BlockwiseQuantization()) {
        return blockwise(tensor, *blocks, graph, buffers);
    }
    if (stored->details_type() != tflite::QuantizationDetails_NONE) {
        return badParameters("it is quantized in a way that is not known (along several axes, or "
                             "by a custom scheme)");
    }
    return affine(*stored, countOf(tensor.shape()));
}

} // namespace syncpoint
