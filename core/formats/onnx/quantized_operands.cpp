#include "core/formats/onnx/quantized_operands.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace syncpoint {

namespace {
/// Slots of one operand; `tensor` −1 is the output.
struct Slots
{
    int tensor;
    std::size_t scale;
    std::size_t zeroPoint;
    std::int64_t axis = 1;
};

/// Per-channel weights have their channels on axis 0 in convolutions and on the last axis in matrix
/// products, whose left side may have one scale per row.
constexpr Slots kConv[] = {{0, 1, 2}, {3, 4, 5, 0}, {-1, 6, 7}};
constexpr Slots kMatMul[] = {{0, 1, 2, -2}, {3, 4, 5, -1}, {-1, 6, 7, -2}};
constexpr Slots kBinary[] = {{0, 1, 2}, {3, 4, 5}, {-1, 6, 7}};
constexpr Slots kUnary[] = {{0, 1, 2}, {-1, 3, 4}};
constexpr Slots kWhere[] = {{1, 2, 3}, {4, 5, 6}, {-1, 7, 8}};
constexpr Slots kGemm[] = {{0, 1, 2}, {3, 4, 5, 1}, {-1, 7, 8}};
constexpr Slots kGemmTransposed[] = {{0, 1, 2}, {3, 4, 5, 0}, {-1, 7, 8}};

ValueId input(const Node &node, std::size_t slot)
{
    return slot < node.inputs.size() ? node.inputs[slot] : ValueId{};
}

ValueId output(const Node &node)
{
    return node.outputs.empty() ? ValueId{} : node.outputs.front();
}

std::int64_t intAttribute(const Node &node, std::string_view name, std::int64_t missing)
{
    const Attribute *attribute = node.findAttribute(name);
    const auto *value = attribute ? std::get_if<std::int64_t>(&attribute->data) : nullptr;
    return value ? *value : missing;
}

std::span<const Slots> slotsOf(const Node &node)
{
    const std::string_view op = node.opType;
    if (op == "QLinearConv") {
        return kConv;
    }
    if (op == "QLinearMatMul") {
        return kMatMul;
    }
    if (op == "QLinearAdd" || op == "QLinearMul") {
        return kBinary;
    }
    if (op == "QLinearWhere") {
        return kWhere;
    }
    if (op == "QGemm") {
        return intAttribute(node, "transB", 0) != 0 ? std::span<const Slots>(kGemmTransposed)
                                                    : std::span<const Slots>(kGemm);
    }
    static constexpr std::array<std::string_view, 6> kUnaryOps{
        "QLinearSigmoid",     "QLinearLeakyRelu",  "QLinearSoftmax",
        "QLinearAveragePool", "QLinearReduceMean", "QLinearGlobalAveragePool"};
    if (std::find(kUnaryOps.begin(), kUnaryOps.end(), op) != kUnaryOps.end()) {
        return kUnary;
    }
    return {};
}

QuantizedOperand ofLinear(const Node &node, ValueId tensor)
{
    QuantizedOperand operand{tensor, input(node, 1), input(node, 2)};
    operand.axis = intAttribute(node, "axis", 1);
    operand.blockSize =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, intAttribute(node, "block_size", 0)));
    return operand;
}

/// Output parameters first, then one triple per input.
std::vector<QuantizedOperand> ofConcat(const Node &node)
{
    std::vector<QuantizedOperand> operands{{output(node), input(node, 0), input(node, 1)}};
    for (std::size_t i = 2; i + 2 < node.inputs.size(); i += 3) {
        operands.push_back({input(node, i), input(node, i + 1), input(node, i + 2)});
    }
    return operands;
}

/// The int32 bias of a quantized product has zero point 0 and scale x_scale · w_scale.
std::optional<QuantizedOperand> biasOf(const Node &node)
{
    const std::size_t slot = node.opType == "QLinearConv" ? 8 : node.opType == "QGemm" ? 6 : 0;
    if (slot == 0 || !input(node, slot).isValid()) {
        return std::nullopt;
    }
    QuantizedOperand bias{input(node, slot), input(node, 4), {}};
    bias.axis = -1;
    bias.secondScale = input(node, 1);
    return bias;
}
} // namespace

std::vector<QuantizedOperand> quantizedOperands(const Node &node)
{
    if (node.opType == "QuantizeLinear") {
        return {ofLinear(node, output(node))};
    }
    if (node.opType == "DequantizeLinear") {
        return {ofLinear(node, input(node, 0))};
    }
    if (node.opType == "QLinearConcat") {
        return ofConcat(node);
    }
    std::vector<QuantizedOperand> operands;
    for (const Slots &slots : slotsOf(node)) {
        const ValueId tensor =
            slots.tensor < 0 ? output(node) : input(node, static_cast<std::size_t>(slots.tensor));
        operands.push_back(
            {tensor, input(node, slots.scale), input(node, slots.zeroPoint), slots.axis});
    }
    if (const auto bias = biasOf(node)) {
        operands.push_back(*bias);
    }
    return operands;
}

bool onlyMovesData(const Node &node)
{
    static constexpr std::array<std::string_view, 18> kOps{
        "DepthToSpace", "Expand",  "Flatten",       "Gather",  "GatherElements", "GatherND",
        "Identity",     "MaxPool", "GlobalMaxPool", "Reshape", "Resize",         "Slice",
        "SpaceToDepth", "Split",   "Squeeze",       "Tile",    "Transpose",      "Unsqueeze"};
    return std::find(kOps.begin(), kOps.end(), node.opType) != kOps.end();
}

} // namespace syncpoint
