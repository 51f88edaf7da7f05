#include "plant.h"

#include <algorithm>
#include <cmath>

namespace syncpoint::faults {
namespace {

Quantizer *outputOf(QuantizedNet &net, std::size_t op)
{
    const auto found = net.values.find(net.net.ops[op].output);
    return found == net.values.end() ? nullptr : &found->second;
}

QuantizedWeight *weightOf(QuantizedNet &net, std::size_t op)
{
    for (const std::string &input : net.net.ops[op].inputs) {
        if (const auto found = net.weights.find(input); found != net.weights.end()) {
            return &found->second;
        }
    }
    return nullptr;
}

bool clipRange(QuantizedNet &net, std::size_t op, float strength, Random &)
{
    Quantizer *quantizer = outputOf(net, op);
    if (quantizer == nullptr) {
        return false;
    }
    quantizer->scale *= 1.0F - 0.7F * strength;
    quantizer->readScale = quantizer->scale;
    return true;
}

bool breakScale(QuantizedNet &net, std::size_t op, float strength, Random &)
{
    Quantizer *quantizer = outputOf(net, op);
    if (quantizer == nullptr) {
        return false;
    }
    quantizer->readScale *= 1.0F + 0.5F * strength;
    return true;
}

bool shiftZeroPoint(QuantizedNet &net, std::size_t op, float strength, Random &)
{
    Quantizer *quantizer = outputOf(net, op);
    if (quantizer == nullptr) {
        return false;
    }
    const int shift = std::max(1, static_cast<int>(32.0F * strength));
    const int shifted =
        quantizer->readZeroPoint + (quantizer->readZeroPoint < 128 ? shift : -shift);
    quantizer->readZeroPoint = static_cast<std::uint8_t>(shifted);
    return true;
}

bool scaleWeight(QuantizedNet &net, std::size_t op, float strength, Random &)
{
    QuantizedWeight *weight = weightOf(net, op);
    if (weight == nullptr) {
        return false;
    }
    for (float &scale : weight->scales) {
        scale *= 1.0F + 0.7F * strength;
    }
    return true;
}

bool scaleChannel(QuantizedNet &net, std::size_t op, float strength, Random &random)
{
    QuantizedWeight *weight = weightOf(net, op);
    if (weight == nullptr) {
        return false;
    }
    weight->scales[random() % weight->scales.size()] *= 1.0F + 7.0F * strength;
    return weight->scales.size() > 1;
}

bool permuteChannels(QuantizedNet &net, std::size_t op, float strength, Random &)
{
    const FaultOp &node = net.net.ops[op];
    QuantizedWeight *weight = weightOf(net, op);
    if (weight == nullptr || node.type != "Conv" || net.weights.count(node.inputs[1]) == 0) {
        return false;
    }
    const auto channels = static_cast<std::size_t>(net.net.weights.at(node.inputs[1]).shape[0]);
    const std::size_t row = weight->data.size() / channels;
    const auto swapped = static_cast<std::size_t>(strength * static_cast<float>(channels / 2));
    for (std::size_t channel = 0; channel < 2 * swapped; channel += 2) {
        const auto first = weight->data.begin() + static_cast<std::ptrdiff_t>(channel * row);
        const auto second = first + static_cast<std::ptrdiff_t>(row);
        std::swap_ranges(first, second, second);
        if (weight->scales.size() > 1) {
            std::swap(weight->scales[channel], weight->scales[channel + 1]);
        }
    }
    return swapped > 0;
}

bool spoilBias(QuantizedNet &net, std::size_t op, float strength, Random &random)
{
    FaultOp &node = net.net.ops[op];
    if ((node.type != "Conv" && node.type != "ConvTranspose" && node.type != "Gemm") ||
        node.inputs.size() < 3) {
        return false;
    }
    if (strength == 1.0F) {
        node.inputs.resize(2);
        return true;
    }
    std::normal_distribution<float> normal(0.0F, strength);
    if (const auto quantized = net.weights.find(node.inputs[2]); quantized != net.weights.end()) {
        for (std::int32_t &code : quantized->second.data) {
            code += static_cast<std::int32_t>(normal(random) * static_cast<float>(code));
        }
    } else {
        for (float &value : net.net.weights.at(node.inputs[2]).data) {
            value += normal(random) * value;
        }
    }
    return true;
}

bool swapOperands(QuantizedNet &net, std::size_t op, float, Random &)
{
    FaultOp &node = net.net.ops[op];
    const bool matters = node.type == "Sub" || node.type == "Div" || node.type == "Concat";
    if (matters) {
        std::swap(node.inputs[0], node.inputs[1]);
    }
    return matters;
}

bool changeAxis(QuantizedNet &net, std::size_t op, float, Random &)
{
    FaultOp &node = net.net.ops[op];
    if (node.type != "Softmax") {
        return false;
    }
    node.integers["axis"] = 1;
    return true;
}

bool changeEpsilon(QuantizedNet &net, std::size_t op, float strength, Random &)
{
    FaultOp &node = net.net.ops[op];
    if (node.reals.count("epsilon") == 0) {
        return false;
    }
    node.reals["epsilon"] = strength;
    return true;
}

bool changeSlope(QuantizedNet &net, std::size_t op, float strength, Random &)
{
    FaultOp &node = net.net.ops[op];
    if (node.reals.count("alpha") == 0) {
        return false;
    }
    node.reals["alpha"] += 0.6F * strength;
    return true;
}

bool movePads(QuantizedNet &net, std::size_t op, float, Random &)
{
    FaultOp &node = net.net.ops[op];
    const auto pads = node.lists.find("pads");
    if (pads == node.lists.end() || pads->second[0] == 0) {
        return false;
    }
    const std::size_t axes = pads->second.size() / 2;
    for (std::size_t i = 0; i < axes; ++i) {
        pads->second[axes + i] += pads->second[i];
        pads->second[i] = 0;
    }
    return true;
}

bool changeConstant(QuantizedNet &net, std::size_t op, float strength, Random &)
{
    for (const std::string &input : net.net.ops[op].inputs) {
        const auto weight = net.net.weights.find(input);
        if (weight == net.net.weights.end() || weight->second.data.size() != 1) {
            continue;
        }
        weight->second.data[0] *= 1.0F + 0.7F * strength; // every constant has one reader
        if (const auto codes = net.weights.find(input); codes != net.weights.end()) {
            codes->second.scales[0] *= 1.0F + 0.7F * strength;
        }
        return true;
    }
    return false;
}

bool overflow(QuantizedNet &net, std::size_t op, float, Random &)
{
    Quantizer *quantizer = outputOf(net, op);
    if (quantizer == nullptr) {
        return false;
    }
    quantizer->readScale = 3e37F;
    return true;
}

} // namespace

std::vector<FaultKind> faultKinds()
{
    return {{"clipped range", clipRange},       {"broken scale", breakScale},
            {"zero point", shiftZeroPoint},     {"weight scale", scaleWeight},
            {"channel scale", scaleChannel},    {"permuted channels", permuteChannels},
            {"wrong bias", spoilBias},          {"swapped operands", swapOperands, false},
            {"wrong axis", changeAxis, false},  {"wrong epsilon", changeEpsilon},
            {"wrong slope", changeSlope},       {"wrong pads", movePads, false},
            {"wrong constant", changeConstant}, {"overflow", overflow, false}};
}

} // namespace syncpoint::faults
