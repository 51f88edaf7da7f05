#include "core/formats/coreml/weight_quantization.h"

#include "core/tensor/decode.h"

#include <cmath>
#include <limits>

namespace syncpoint {

namespace {
/// Where the scales of a weight stand, in the terms of Quantization.
struct ScaleLayout
{
    std::optional<std::size_t> axis;
    std::uint64_t blockSize = 0;
};

std::optional<ScaleLayout> layoutOf(const Shape &shape, const Shape &scales)
{
    std::vector<std::size_t> several, shorter;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (scales[i] != 1) {
            several.push_back(i);
        }
        if (scales[i] != shape[i]) {
            shorter.push_back(i);
        }
    }
    if (several.empty()) {
        return ScaleLayout{};
    }
    if (several.size() == 1 && scales[several.front()] == shape[several.front()]) {
        return ScaleLayout{several.front(), 0};
    }
    if (shorter.size() == 1) {
        const std::size_t axis = shorter.front();
        return ScaleLayout{axis, static_cast<std::uint64_t>(shape[axis] / scales[axis])};
    }
    return std::nullopt;
}

std::vector<double> numbersOf(const Tensor &tensor)
{
    std::vector<double> numbers(tensor.elements());
    decode(tensor.view(), 0, std::span<double>(numbers));
    return numbers;
}

/// Zero points as integers, none when all are zero; nothing when one is no integer.
std::optional<std::vector<std::int64_t>> zeroPointsOf(const Tensor &offset)
{
    std::vector<std::int64_t> zeroPoints;
    bool isZero = true;
    for (const double number : numbersOf(offset)) {
        constexpr double kMost = std::numeric_limits<std::int32_t>::max();
        if (std::nearbyint(number) != number || std::fabs(number) > kMost) {
            return std::nullopt;
        }
        zeroPoints.push_back(static_cast<std::int64_t>(number));
        isZero = isZero && number == 0.0;
    }
    return isZero ? std::vector<std::int64_t>{} : zeroPoints;
}
} // namespace

std::shared_ptr<const Quantization> weightQuantization(const Shape &shape, const Tensor &scale,
                                                       const std::optional<Tensor> &offset)
{
    const auto layout = layoutOf(shape, scale.info().shape);
    auto zeroPoints = offset ? zeroPointsOf(*offset) : std::vector<std::int64_t>{};
    if (!layout || !zeroPoints) {
        return nullptr;
    }
    auto quantization = std::make_shared<Quantization>();
    quantization->scales = numbersOf(scale);
    quantization->zeroPoints = *std::move(zeroPoints);
    quantization->axis = layout->axis;
    quantization->blockSize = layout->blockSize;
    return quantization;
}

} // namespace syncpoint
