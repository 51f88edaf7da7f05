#include "fault_net.h"

#include "tests/core/formats/onnx/onnx_writer.h"

#include <algorithm>
#include <cmath>

namespace syncpoint::eval {
namespace {

using test::numberField;
using test::textField;

std::string nodeText(const FaultOp &op, const std::vector<std::string> &inputs,
                     const std::string &output)
{
    std::string bytes;
    for (const std::string &input : inputs) {
        bytes += textField(1, input);
    }
    bytes += textField(2, output) + textField(3, op.name) + textField(4, op.type);
    for (const auto &[name, list] : op.lists) {
        bytes += test::intsAttribute(name, list);
    }
    for (const auto &[name, number] : op.integers) {
        bytes += test::intAttribute(name, number);
    }
    for (const auto &[name, number] : op.reals) {
        bytes +=
            textField(5, textField(1, name) + test::floatField(2, number) + numberField(20, 1));
    }
    return test::graphNode(bytes);
}

std::string portsText(const FaultNet &net)
{
    std::string bytes;
    for (const auto &[name, shape] : net.inputs) {
        bytes += test::graphInput(test::valueInfo(name, test::kFloat, shape));
    }
    for (const std::string &name : net.outputs) {
        bytes += test::graphOutput(textField(1, name));
    }
    for (const auto &[name, numbers] : net.shapes) {
        bytes += test::initializer(test::int64s(name, numbers));
    }
    return bytes;
}

float largest(const std::vector<float> &data, std::size_t channel, std::size_t inner,
              std::size_t count)
{
    float most = 1e-8F;
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (i / inner % count == channel) {
            most = std::max(most, std::abs(data[i]));
        }
    }
    return most;
}

QuantizedWeight quantizedWeight(const FaultWeight &weight)
{
    QuantizedWeight out;
    const auto count = static_cast<std::size_t>(weight.shape[weight.channelAxis]);
    std::size_t inner = 1;
    for (std::size_t axis = weight.channelAxis + 1; axis < weight.shape.size(); ++axis) {
        inner *= static_cast<std::size_t>(weight.shape[axis]);
    }
    for (std::size_t channel = 0; channel < count; ++channel) {
        out.scales.push_back(largest(weight.data, channel, inner, count) / 127.0F);
    }
    for (std::size_t i = 0; i < weight.data.size(); ++i) {
        const float scaled = std::nearbyint(weight.data[i] / out.scales[i / inner % count]);
        out.data.push_back(static_cast<std::int8_t>(std::clamp(scaled, -127.0F, 127.0F)));
    }
    return out;
}

Quantizer quantizerFor(std::pair<float, float> range)
{
    const float low = std::min(0.0F, range.first);
    const float high = std::max(low + 1e-6F, std::max(0.0F, range.second));
    Quantizer out;
    out.scale = out.readScale = (high - low) / 255.0F;
    out.zeroPoint = out.readZeroPoint =
        static_cast<std::uint8_t>(std::clamp(std::nearbyint(-low / out.scale), 0.0F, 255.0F));
    return out;
}

std::string linearText(const std::string &type, const std::string &value, const std::string &made,
                       const std::string &parameters, std::int64_t axis)
{
    return test::graphNode(test::node(type, {value, parameters + "_scale", parameters + "_zero"},
                                      {made}, test::intAttribute("axis", axis), made));
}

template <typename Code>
std::string parametersText(const std::string &name, const std::vector<float> &scales,
                           const std::vector<Code> &zeros, std::int64_t type)
{
    const std::vector<std::int64_t> dims =
        scales.size() == 1 ? std::vector<std::int64_t>{}
                           : std::vector<std::int64_t>{static_cast<std::int64_t>(scales.size())};
    return test::initializer(test::floats(name + "_scale", dims, scales)) +
           test::initializer(test::tensor(name + "_zero", type, dims, test::rawBytes(zeros)));
}

} // namespace

std::string FaultNet::toOnnx() const
{
    std::string graph = portsText(*this);
    for (const FaultOp &op : ops) {
        graph += nodeText(op, op.inputs, op.output);
    }
    for (const auto &[constant, weight] : weights) {
        graph += test::initializer(test::floats(constant, weight.shape, weight.data));
    }
    return test::model(graph);
}

QuantizedNet quantized(const FaultNet &net, const Ranges &ranges)
{
    QuantizedNet out{net, {}, {}};
    for (const auto &[name, range] : ranges) {
        if (std::find(net.outputs.begin(), net.outputs.end(), name) == net.outputs.end()) {
            out.values[name] = quantizerFor(range);
        }
    }
    for (const auto &[name, weight] : net.weights) {
        if (weight.shape.size() > 1) {
            out.weights[name] = quantizedWeight(weight);
        }
    }
    return out;
}

std::string QuantizedNet::toOnnx() const
{
    std::string graph = portsText(net);
    const auto quantize = [&](const std::string &value) {
        if (const auto found = values.find(value); found != values.end()) {
            const Quantizer &q = found->second;
            graph +=
                parametersText(value + "_w", {q.scale}, std::vector{q.zeroPoint}, test::kUInt8);
            graph += parametersText(value + "_r", {q.readScale}, std::vector{q.readZeroPoint},
                                    test::kUInt8);
            graph += linearText("QuantizeLinear", value, value + "_q", value + "_w", 1);
            graph += linearText("DequantizeLinear", value + "_q", value + "_dq", value + "_r", 1);
        }
    };
    for (const auto &[name, weight] : weights) {
        const FaultWeight &real = net.weights.at(name);
        graph += test::initializer(
            test::tensor(name + "_i", test::kInt8, real.shape, test::rawBytes(weight.data)));
        graph += parametersText(name, weight.scales, std::vector<std::int8_t>(weight.scales.size()),
                                test::kInt8);
        graph += linearText("DequantizeLinear", name + "_i", name + "_dq", name,
                            static_cast<std::int64_t>(real.channelAxis));
    }
    for (const auto &[name, shape] : net.inputs) {
        quantize(name);
    }
    for (const FaultOp &op : net.ops) {
        std::vector<std::string> inputs = op.inputs;
        for (std::string &input : inputs) {
            input += values.count(input) != 0 || weights.count(input) != 0 ? "_dq" : "";
        }
        graph += nodeText(op, inputs, op.output);
        quantize(op.output);
    }
    for (const auto &[name, weight] : net.weights) {
        if (weights.count(name) == 0) {
            graph += test::initializer(test::floats(name, weight.shape, weight.data));
        }
    }
    return test::model(graph);
}

} // namespace syncpoint::eval
