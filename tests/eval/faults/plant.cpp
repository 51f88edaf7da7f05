#include "plant.h"

#include <algorithm>

namespace syncpoint::eval {
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

bool clipRange(QuantizedNet &net, std::size_t op, Random &)
{
    Quantizer *quantizer = outputOf(net, op);
    if (quantizer == nullptr) {
        return false;
    }
    quantizer->scale *= 0.35F;
    quantizer->readScale = quantizer->scale;
    return true;
}

bool breakScale(QuantizedNet &net, std::size_t op, Random &)
{
    Quantizer *quantizer = outputOf(net, op);
    if (quantizer == nullptr) {
        return false;
    }
    quantizer->readScale *= 1.4F;
    return true;
}

bool shiftZeroPoint(QuantizedNet &net, std::size_t op, Random &)
{
    Quantizer *quantizer = outputOf(net, op);
    if (quantizer == nullptr) {
        return false;
    }
    const int shifted = quantizer->readZeroPoint + (quantizer->readZeroPoint < 128 ? 20 : -20);
    quantizer->readZeroPoint = static_cast<std::uint8_t>(shifted);
    return true;
}

bool scaleWeight(QuantizedNet &net, std::size_t op, Random &)
{
    QuantizedWeight *weight = weightOf(net, op);
    if (weight == nullptr) {
        return false;
    }
    for (float &scale : weight->scales) {
        scale *= 1.5F;
    }
    return true;
}

bool scaleChannel(QuantizedNet &net, std::size_t op, Random &random)
{
    QuantizedWeight *weight = weightOf(net, op);
    if (weight == nullptr) {
        return false;
    }
    weight->scales[random() % weight->scales.size()] *= 8.0F;
    return true;
}

bool permuteChannels(QuantizedNet &net, std::size_t op, Random &)
{
    QuantizedWeight *weight = weightOf(net, op);
    if (weight == nullptr || net.net.ops[op].type != "Conv" || weight->scales.size() < 4) {
        return false;
    }
    const std::size_t row = weight->data.size() / weight->scales.size();
    for (std::size_t channel = 0; channel + 1 < weight->scales.size(); channel += 2) {
        const auto first = weight->data.begin() + static_cast<std::ptrdiff_t>(channel * row);
        const auto second = first + static_cast<std::ptrdiff_t>(row);
        std::swap_ranges(first, second, second);
        std::swap(weight->scales[channel], weight->scales[channel + 1]);
    }
    return true;
}

bool dropBias(QuantizedNet &net, std::size_t op, Random &)
{
    FaultOp &node = net.net.ops[op];
    if ((node.type != "Conv" && node.type != "ConvTranspose") || node.inputs.size() < 3) {
        return false;
    }
    node.inputs.resize(2);
    return true;
}

bool swapOperands(QuantizedNet &net, std::size_t op, Random &)
{
    FaultOp &node = net.net.ops[op];
    const bool matters = node.type == "Sub" || node.type == "Div";
    if (matters) {
        std::swap(node.inputs[0], node.inputs[1]);
    }
    return matters;
}

bool changeAxis(QuantizedNet &net, std::size_t op, Random &)
{
    FaultOp &node = net.net.ops[op];
    if (node.type != "Softmax") {
        return false;
    }
    node.integers["axis"] = 1;
    return true;
}

bool changeEpsilon(QuantizedNet &net, std::size_t op, Random &)
{
    FaultOp &node = net.net.ops[op];
    if (node.reals.count("epsilon") == 0) {
        return false;
    }
    node.reals["epsilon"] = 1.0F;
    return true;
}

bool changeSlope(QuantizedNet &net, std::size_t op, Random &)
{
    FaultOp &node = net.net.ops[op];
    if (node.reals.count("alpha") == 0) {
        return false;
    }
    node.reals["alpha"] = 0.6F;
    return true;
}

bool movePads(QuantizedNet &net, std::size_t op, Random &)
{
    FaultOp &node = net.net.ops[op];
    const auto pads = node.lists.find("pads");
    if (pads == node.lists.end() || pads->second[0] == 0) {
        return false;
    }
    pads->second = {0, 0, 2, 2};
    return true;
}

bool changeConstant(QuantizedNet &net, std::size_t op, Random &)
{
    FaultOp &node = net.net.ops[op];
    for (std::string &input : node.inputs) {
        const auto weight = net.net.weights.find(input);
        if (weight != net.net.weights.end() && weight->second.data.size() == 1) {
            weight->second.data[0] *= 1.7F; // every constant has one reader
            return true;
        }
    }
    return false;
}

bool overflow(QuantizedNet &net, std::size_t op, Random &)
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
            {"missing bias", dropBias},         {"swapped operands", swapOperands},
            {"wrong axis", changeAxis},         {"wrong epsilon", changeEpsilon},
            {"wrong slope", changeSlope},       {"wrong pads", movePads},
            {"wrong constant", changeConstant}, {"overflow", overflow}};
}

} // namespace syncpoint::eval
