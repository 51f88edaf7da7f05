#include "core/formats/onnx/shape_rules.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {
/// Geometry of a sliding window along the spatial axes; absent lists mean ones or zeros.
struct Window
{
    Integers kernel, strides, dilations, pads;
    std::string_view autoPad;
    bool roundsUp = false;
};

std::optional<Window> windowOf(const RuleInput &input, Integers kernel)
{
    const std::size_t axes = kernel.size();
    Window window{std::move(kernel),
                  input.listAttribute("strides").value_or(Integers(axes, 1)),
                  input.listAttribute("dilations").value_or(Integers(axes, 1)),
                  input.listAttribute("pads").value_or(Integers(2 * axes, 0)),
                  input.textAttribute("auto_pad"),
                  input.attribute("ceil_mode", 0) != 0};
    const auto positive = [](std::int64_t value) { return value > 0; };
    const bool isSound = window.strides.size() == axes && window.dilations.size() == axes &&
                         window.pads.size() == 2 * axes &&
                         std::all_of(window.strides.begin(), window.strides.end(), positive) &&
                         std::all_of(window.dilations.begin(), window.dilations.end(), positive);
    return isSound ? std::optional(std::move(window)) : std::nullopt;
}

/// Positions of the window along one axis. Source: ONNX, Conv and MaxPool.
std::int64_t positions(const Window &window, std::size_t axis, std::int64_t extent)
{
    if (extent < 0 || window.kernel[axis] <= 0) {
        return -1;
    }
    const __int128_t stride = window.strides[axis];
    if (window.autoPad == "SAME_UPPER" || window.autoPad == "SAME_LOWER") {
        return extentOr((extent + stride - 1) / stride);
    }
    const __int128_t span =
        static_cast<__int128_t>(window.kernel[axis] - 1) * window.dilations[axis] + 1;
    __int128_t padded = extent;
    if (window.autoPad != "VALID") {
        padded += window.pads[axis];
        padded += window.pads[axis + window.kernel.size()];
    }
    const __int128_t room = padded - span;
    if (room < 0) {
        return -1;
    }
    return extentOr((room + (window.roundsUp ? stride - 1 : 0)) / stride + 1);
}

Shape slide(const Window &window, const Shape &from, std::int64_t channels)
{
    Shape result{from[0], channels};
    for (std::size_t i = 0; i < window.kernel.size(); ++i) {
        result.push_back(positions(window, i, from[i + 2]));
    }
    return result;
}

bool isChannelsLast(const RuleInput &input)
{
    return input.attribute("channels_last", 0) != 0;
}

/// The first input's shape as N × C × spatial, which ONNX Runtime's ops with `channels_last` read
/// as N × spatial × C.
std::optional<Shape> imageShape(const RuleInput &input)
{
    auto shape = input.shape(0);
    if (shape && shape->size() > 2 && isChannelsLast(input)) {
        std::rotate(shape->begin() + 1, shape->end() - 1, shape->end());
    }
    return shape;
}

/// N × C × spatial in the order the op writes.
Shape laidOut(const RuleInput &input, Shape shape)
{
    if (isChannelsLast(input)) {
        std::rotate(shape.begin() + 1, shape.begin() + 2, shape.end());
    }
    return shape;
}

std::optional<Shape> convolution(const RuleInput &input, std::size_t weightSlot)
{
    const auto x = imageShape(input);
    const auto w = input.shape(weightSlot);
    if (!x || !w || x->size() < 3 || w->size() != x->size()) {
        return std::nullopt;
    }
    const auto window = windowOf(input, Integers(w->begin() + 2, w->end()));
    return window ? std::optional(laidOut(input, slide(*window, *x, (*w)[0]))) : std::nullopt;
}

InferredValues conv(const RuleInput &input)
{
    const DType dtype = input.node().opType == "ConvInteger" ? DType::Int32 : input.dtype(0);
    return one(dtype, convolution(input, 1));
}

InferredValues quantizedConv(const RuleInput &input)
{
    return one(input.dtype(7), convolution(input, 3));
}

InferredValues convTranspose(const RuleInput &input)
{
    const auto x = input.shape(0);
    const auto w = input.shape(1);
    const std::int64_t groups = input.attribute("group", 1);
    if (!x || !w || x->size() < 3 || w->size() != x->size() || groups <= 0) {
        return one(input.dtype(0), std::nullopt);
    }
    const std::size_t axes = x->size() - 2;
    const auto window = windowOf(input, Integers(w->begin() + 2, w->end()));
    const auto extra = input.listAttribute("output_padding").value_or(Integers(axes, 0));
    const auto given = input.listAttribute("output_shape");
    const bool isPlain = window && extra.size() == axes && !given &&
                         window->autoPad != "SAME_UPPER" && window->autoPad != "SAME_LOWER";
    Shape result{(*x)[0], (*w)[1] < 0 ? -1 : extentOr(static_cast<__int128_t>((*w)[1]) * groups)};
    for (std::size_t i = 0; i < axes; ++i) {
        const std::int64_t extent = (*x)[i + 2];
        const std::int64_t kernel = (*w)[i + 2];
        if (given && given->size() == axes) {
            result.push_back(extentOr((*given)[i]));
        } else if (!isPlain || extent <= 0 || kernel <= 0) {
            result.push_back(-1);
        } else {
            result.push_back(extentOr(static_cast<__int128_t>(window->strides[i]) * (extent - 1) +
                                      extra[i] +
                                      static_cast<__int128_t>(kernel - 1) * window->dilations[i] +
                                      1 - window->pads[i] - window->pads[i + axes]));
        }
    }
    return one(input.dtype(0), result);
}

InferredValues pool(const RuleInput &input)
{
    const auto x = imageShape(input);
    const auto kernel = input.listAttribute("kernel_shape");
    if (!x || !kernel || x->size() < 3 || kernel->size() != x->size() - 2) {
        return one(input.dtype(0), std::nullopt);
    }
    const auto window = windowOf(input, *kernel);
    const auto shape =
        window ? std::optional(laidOut(input, slide(*window, *x, (*x)[1]))) : std::nullopt;
    return {{input.dtype(0), shape}, {DType::Int64, shape}}; // MaxPool's second output: indices
}

InferredValues globalPool(const RuleInput &input)
{
    auto shape = imageShape(input);
    if (!shape || shape->size() < 2) {
        return one(input.dtype(0), std::nullopt);
    }
    std::fill(shape->begin() + 2, shape->end(), 1);
    return one(input.dtype(0), laidOut(input, *std::move(shape)));
}

InferredValues resize(const RuleInput &input)
{
    auto result = input.shape(0);
    const bool isUpsample = input.node().opType == "Upsample";
    const auto sizes = isUpsample ? std::nullopt : input.integers(3);
    const auto scales = input.reals(isUpsample || input.inputCount() == 2 ? 1 : 2);
    for (std::size_t i = 0; result && i < result->size(); ++i) {
        std::int64_t &extent = (*result)[i];
        if (sizes && sizes->size() == result->size()) {
            extent = extentOr((*sizes)[i]);
        } else if (scales && scales->size() == result->size() && extent >= 0) {
            const double scaled = std::floor(static_cast<double>(extent) * (*scales)[i]);
            extent = scaled >= 0.0 && scaled < 1e12 ? static_cast<std::int64_t>(scaled) : -1;
        } else {
            extent = -1;
        }
    }
    const bool keepsAxes = input.node().findAttribute("axes") != nullptr;
    return one(input.dtype(0),
               keepsAxes && result ? std::optional(Shape(result->size(), -1)) : result);
}
} // namespace

void addWindowRules(RuleTable &table)
{
    table["Conv"] = conv;
    table["FusedConv"] = conv;
    table["ConvInteger"] = conv;
    table["QLinearConv"] = quantizedConv;
    table["ConvTranspose"] = convTranspose;
    table["MaxPool"] = pool;
    table["AveragePool"] = pool;
    table["LpPool"] = pool;
    table["QLinearAveragePool"] = pool;
    table["GlobalAveragePool"] = globalPool;
    table["GlobalMaxPool"] = globalPool;
    table["QLinearGlobalAveragePool"] = globalPool;
    table["Resize"] = resize;
    table["Upsample"] = resize;
}

} // namespace syncpoint
