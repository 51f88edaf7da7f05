#include "../rewriting.h"
#include "edit_functions.h"

#include <algorithm>
#include <cmath>

namespace syncpoint::eval {
namespace {

/// A weight as int8 with a scale per channel.
struct IntegerWeight
{
    std::string data, scale, zeroPoint;
    std::vector<float> scales;
};

IntegerWeight integersOf(const std::string &name, bool isChannelFirst, OpWriter &out)
{
    const Weight weight = out.net().weights.at(name);
    const auto channels =
        static_cast<std::size_t>(isChannelFirst ? weight.shape.front() : weight.shape.back());
    const std::size_t each = weight.data.size() / channels;
    IntegerWeight made;
    made.scales.assign(channels, 1e-9F);
    const auto channelOf = [&](std::size_t i) { return isChannelFirst ? i / each : i % channels; };
    for (std::size_t i = 0; i < weight.data.size(); ++i) {
        float &scale = made.scales[channelOf(i)];
        scale = std::max(scale, std::abs(weight.data[i]) / 127.0F);
    }
    std::vector<float> integers;
    for (std::size_t i = 0; i < weight.data.size(); ++i) {
        integers.push_back(std::round(weight.data[i] / made.scales[channelOf(i)]));
    }
    const Shape perChannel{static_cast<std::int64_t>(channels)};
    made.data = out.constant(weight.shape, std::move(integers), DType::Int8);
    made.scale = out.constant(perChannel, made.scales);
    made.zeroPoint = out.constant(perChannel, std::vector<float>(channels), DType::Int8);
    return made;
}

constexpr float kScale = 0.02F;

/// Writes ops on uint8 values; keeps which float value every integer one stands for.
class IntegerWriter
{
public:
    IntegerWriter(Net &net, OpWriter &out, Truth &truth) : m_net(net), m_out(out), m_truth(truth) {}

    /// Value, scale and zero point.
    std::vector<std::string> quantized(const std::string &value)
    {
        if (!m_integers.contains(value)) {
            auto parameters = newParameters(false);
            const auto made = m_out.step("QuantizeLinear", {value, parameters[0], parameters[1]},
                                         m_out.shape(value));
            remember(value, made, parameters);
        }
        return m_integers[value];
    }
    /// The value as floats; dequantizes it when there are only integers.
    std::string real(const std::string &value)
    {
        if (m_integers.contains(value) && m_isOnlyInteger.contains(value)) {
            m_out.add({"DequantizeLinear", m_integers[value], {value}});
            m_isOnlyInteger.erase(value);
        }
        return value;
    }
    /// The model says how the integers of a weight become real numbers.
    void describe(const IntegerWeight &weight, std::size_t channelAxis)
    {
        Weight &data = m_net.weights.at(weight.data);
        data.scales.assign(weight.scales.begin(), weight.scales.end());
        data.axis = channelAxis;
    }
    /// Parameters of a new integer result that stands for `value`.
    std::vector<std::string> newParameters(bool startsAtZero)
    {
        return {m_out.constant({}, {kScale}),
                m_out.constant({}, {startsAtZero ? 0.0F : 128.0F}, DType::UInt8)};
    }
    void finish(const std::string &type, std::vector<std::string> inputs, const std::string &value,
                const std::vector<std::string> &parameters, Attributes attributes)
    {
        const auto made =
            m_out.step(type, std::move(inputs), m_out.shape(value), std::move(attributes));
        remember(value, made, parameters);
        m_isOnlyInteger.insert(value);
    }

private:
    void remember(const std::string &value, const std::string &made,
                  const std::vector<std::string> &parameters)
    {
        alsoRight(m_truth, value, made);
        m_net.zeroPoints[made] = static_cast<std::int64_t>(m_net.weights[parameters[1]].data[0]);
        m_integers[value] = {made, parameters[0], parameters[1]};
    }

    Net &m_net;
    OpWriter &m_out;
    Truth &m_truth;
    std::map<std::string, std::vector<std::string>> m_integers;
    std::set<std::string> m_isOnlyInteger;
};

void append(std::vector<std::string> &list, const std::vector<std::string> &more)
{
    list.insert(list.end(), more.begin(), more.end());
}

void writeLinear(const Op &op, const std::string &value, bool startsAtZero, OpWriter &out,
                 IntegerWriter &integers)
{
    const bool isConv = op.type == "Conv";
    const IntegerWeight weight = integersOf(op.inputs[1], isConv, out);
    integers.describe(weight, isConv ? 0 : 1);
    const auto parameters = integers.newParameters(startsAtZero);
    auto inputs = integers.quantized(op.inputs[0]);
    append(inputs, {weight.data, weight.scale, weight.zeroPoint});
    append(inputs, parameters);
    if (isConv && op.inputs.size() == 3) {
        std::vector<float> bias = out.net().weights.at(op.inputs[2]).data;
        for (std::size_t c = 0; c < bias.size(); ++c) {
            bias[c] = std::round(bias[c] / (kScale * weight.scales[c]));
        }
        inputs.push_back(
            out.constant({static_cast<std::int64_t>(bias.size())}, bias, DType::Int32));
    }
    integers.finish(isConv ? "QLinearConv" : "QLinearMatMul", inputs, value, parameters,
                    op.attributes);
}

bool writeElementwise(const Op &op, const Net &before, IntegerWriter &integers)
{
    static const std::map<std::string, std::string> kTypes{
        {"Add", "QLinearAdd"},         {"Mul", "QLinearMul"},
        {"Sigmoid", "QLinearSigmoid"}, {"LeakyRelu", "QLinearLeakyRelu"},
        {"Concat", "QLinearConcat"},   {"GlobalAveragePool", "QLinearGlobalAveragePool"}};
    const auto type = kTypes.find(op.type);
    if (type == kTypes.end() ||
        std::any_of(op.inputs.begin(), op.inputs.end(),
                    [&](const std::string &input) { return isConstant(before, input); })) {
        return false;
    }
    const auto parameters = integers.newParameters(false);
    std::vector<std::string> inputs;
    for (const std::string &input : op.inputs) {
        append(inputs, integers.quantized(input));
    }
    if (op.type == "Concat") {
        inputs.insert(inputs.begin(), parameters.begin(), parameters.end());
    } else {
        append(inputs, parameters);
    }
    integers.finish(type->second, inputs, op.outputs[0], parameters, op.attributes);
    return true;
}

} // namespace

void useIntegerOps(Net &net, Truth &truth, Random &)
{
    const Net before = net;
    OpWriter out(net);
    IntegerWriter integers(net, out, truth);
    std::set<std::string> swallowed;
    for (const Op &op : before.ops) {
        if (swallowed.contains(op.outputs[0])) {
            continue;
        }
        const bool isMatrix = op.type == "MatMul" && isConstant(before, op.inputs[1]);
        if (op.type == "Conv" || isMatrix) {
            // The range of a Relu's result starts at zero, so the Relu itself is not needed.
            const Op *next = onlyReader(before, op.outputs[0]);
            const bool isRelu = op.type == "Conv" && next != nullptr && next->type == "Relu";
            const std::string value = isRelu ? next->outputs[0] : op.outputs[0];
            if (isRelu) {
                swallowed.insert(value);
                dropFromTruth(truth, op.outputs[0]);
            }
            writeLinear(op, value, isRelu, out, integers);
        } else if (!writeElementwise(op, before, integers)) {
            for (const std::string &input : op.inputs) {
                integers.real(input);
            }
            out.add(op);
        }
    }
    for (const std::string &output : before.outputs) {
        integers.real(output);
    }
    net.ops = out.take();
    dropMissing(net, truth);
}

void quantizeDynamically(Net &net, Truth &, Random &)
{
    const Net before = net;
    std::map<std::string, std::vector<std::string>> quantized;
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        const bool isConv = op.type == "Conv";
        if (!isConv && !(op.type == "MatMul" && isConstant(before, op.inputs[1]))) {
            return false;
        }
        const Shape shape = out.shape(op.outputs[0]);
        const std::string x = op.inputs[0];
        if (!quantized.contains(x)) {
            quantized[x] = out.steps("DynamicQuantizeLinear", {x}, 3, {});
        }
        const IntegerWeight weight = integersOf(op.inputs[1], isConv, out);
        const std::vector<std::string> &parts = quantized[x];
        const auto product =
            out.step(isConv ? "ConvInteger" : "MatMulInteger",
                     {parts[0], weight.data, parts[2], weight.zeroPoint}, shape, op.attributes);
        const auto real = out.step("Cast", {product}, shape);
        std::string scales = weight.scale;
        if (isConv) {
            scales = out.constant({static_cast<std::int64_t>(weight.scales.size()), 1, 1},
                                  weight.scales);
        }
        const auto scale = out.step("Mul", {parts[1], scales}, {});
        if (!isConv || op.inputs.size() < 3) {
            out.add({"Mul", {real, scale}, op.outputs});
            return true;
        }
        Weight bias = out.net().weights.at(op.inputs[2]);
        bias.shape.resize(shape.size() - 1, 1);
        const auto scaled = out.step("Mul", {real, scale}, shape);
        out.add({"Add", {scaled, out.constant(bias.shape, bias.data)}, op.outputs});
        return true;
    });
}

/// Blocks of 16 along the inputs, two numbers per byte, the zero point in the middle.
void packWeights(Net &net, Truth &, Random &)
{
    const Net before = net;
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        if (op.type != "MatMul" || !isConstant(before, op.inputs[1])) {
            return false;
        }
        constexpr std::int64_t kBlock = 16;
        const Weight weight = out.net().weights.at(op.inputs[1]);
        const std::int64_t depth = weight.shape[0];
        const std::int64_t width = weight.shape[1];
        const std::int64_t blocks = (depth + kBlock - 1) / kBlock;
        const auto at = [&](std::int64_t k, std::int64_t n) {
            return k < depth ? weight.data[static_cast<std::size_t>(k * width + n)] : 0.0F;
        };
        std::vector<float> bytes;
        std::vector<float> scales;
        for (std::int64_t n = 0; n < width; ++n) {
            for (std::int64_t block = 0; block < blocks; ++block) {
                float largest = 1e-9F;
                for (std::int64_t k = 0; k < kBlock; ++k) {
                    largest = std::max(largest, std::abs(at(block * kBlock + k, n)));
                }
                scales.push_back(largest / 7.0F);
                const auto code = [&](std::int64_t k) {
                    return std::round(at(block * kBlock + k, n) / scales.back()) + 8.0F;
                };
                for (std::int64_t k = 0; k < kBlock; k += 2) {
                    bytes.push_back(code(k) + 16.0F * code(k + 1));
                }
            }
        }
        const auto packed = out.constant({width, blocks, kBlock / 2}, bytes, DType::UInt8);
        const auto scale = out.constant({width * blocks}, scales);
        out.add({"MatMulNBits",
                 {op.inputs[0], packed, scale},
                 op.outputs,
                 {{"K", {depth}}, {"N", {width}}, {"bits", {4}}, {"block_size", {kBlock}}}});
        return true;
    });
}

} // namespace syncpoint::eval
