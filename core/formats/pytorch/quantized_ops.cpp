#include "core/formats/pytorch/quantized_ops.h"

#include "core/tensor/decode.h"

#include <optional>

namespace syncpoint::pytorch {
namespace {

constexpr std::uint64_t kMostScales = 1U << 20U;

/// The numbers of a constant operand.
template <typename Number>
std::optional<std::vector<Number>> numbersOf(const GraphBuilder &builder, const Node &node,
                                             std::size_t slot)
{
    if (slot >= node.inputs.size() || !node.inputs[slot].isValid()) {
        return std::nullopt;
    }
    const auto &constant = builder.values()[node.inputs[slot].index()].constant;
    if (!constant || constant->elements() > kMostScales) {
        return std::nullopt;
    }
    std::vector<Number> numbers(constant->elements());
    const DType dtype = constant->info().dtype;
    if constexpr (std::is_same_v<Number, std::int64_t>) {
        if (!isInteger(dtype)) {
            return std::nullopt;
        }
        decodeRaw(constant->view(), 0, std::span(numbers));
    } else {
        if (!isNumeric(dtype)) {
            return std::nullopt;
        }
        decode(constant->view(), 0, std::span(numbers));
    }
    return numbers;
}

template <typename Number>
std::optional<Number> attributeNumber(const Node &node, std::string_view name)
{
    const Attribute *attribute = node.findAttribute(name);
    const auto *number = attribute == nullptr ? nullptr : std::get_if<Number>(&attribute->data);
    return number == nullptr ? std::nullopt : std::optional(*number);
}

/// (input, scale, zero_point, …) with numbers, or (input, scales, zero_points, …) with constants,
/// per channel with `axis`.
std::optional<Quantization> parametersOf(const GraphBuilder &builder, const Node &node)
{
    Quantization quantization;
    if (const auto scale = attributeNumber<double>(node, "scale")) {
        quantization.scales = {*scale};
        quantization.zeroPoints = {attributeNumber<std::int64_t>(node, "zero_point").value_or(0)};
        return quantization;
    }
    auto scales = numbersOf<double>(builder, node, 1);
    if (!scales) {
        return std::nullopt;
    }
    quantization.scales = std::move(*scales);
    quantization.zeroPoints =
        numbersOf<std::int64_t>(builder, node, 2).value_or(std::vector<std::int64_t>{});
    const auto axis = attributeNumber<std::int64_t>(node, "axis");
    if (axis && *axis >= 0) {
        quantization.axis = static_cast<std::size_t>(*axis);
    }
    return quantization;
}

void attach(Value &value, const Quantization &quantization)
{
    if (!value.shape || !isInteger(value.dtype) || !checkQuantization(quantization, *value.shape)) {
        return;
    }
    value.quantization = std::make_shared<const Quantization>(quantization);
    if (value.constant) {
        if (auto tensor = value.constant->withQuantization(value.quantization)) {
            value.constant = std::move(*tensor);
        }
    }
}

} // namespace

void applyQuantization(GraphBuilder &builder)
{
    constexpr std::string_view kDomain = "quantized_decomposed.";
    for (std::size_t i = 0; i < builder.nodes().size(); ++i) {
        const Node &node = builder.nodes()[i];
        if (!node.opType.starts_with(kDomain) || node.inputs.empty() || node.outputs.empty()) {
            continue;
        }
        const std::string_view op = std::string_view(node.opType).substr(kDomain.size());
        const bool isQuantize = op.starts_with("quantize_per_");
        const ValueId integers = isQuantize ? node.outputs.front() : node.inputs.front();
        if (!integers.isValid() || (!isQuantize && !op.starts_with("dequantize_per_"))) {
            continue;
        }
        if (const auto parameters = parametersOf(builder, node)) {
            attach(builder.edit(integers), *parameters);
        }
    }
}

} // namespace syncpoint::pytorch
