#include "fault_net.h"

#include "tests/core/formats/onnx/onnx_writer.h"

#include <algorithm>
#include <cmath>

namespace syncpoint::faults {
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

std::string linearText(const std::string &type, const std::string &value, const std::string &made,
                       const std::string &parameters, std::int64_t axis)
{
    return test::graphNode(test::node(type, {value, parameters + "_scale", parameters + "_zero"},
                                      {made}, test::intAttribute("axis", axis), made));
}

std::string parametersText(const std::string &name, const std::vector<float> &scales,
                           std::int64_t type, const std::string &zeros)
{
    const std::vector<std::int64_t> dims =
        scales.size() == 1 ? std::vector<std::int64_t>{}
                           : std::vector<std::int64_t>{static_cast<std::int64_t>(scales.size())};
    return test::initializer(test::floats(name + "_scale", dims, scales)) +
           test::initializer(test::tensor(name + "_zero", type, dims, zeros));
}

std::string valueText(const std::string &name, float scale, std::uint8_t zeroPoint)
{
    return parametersText(name, {scale}, test::kUInt8, test::rawBytes(std::vector{zeroPoint}));
}

std::string weightText(const std::string &name, const QuantizedWeight &weight,
                       const FaultWeight &real)
{
    const std::int64_t type = weight.isBias ? test::kInt32 : test::kInt8;
    const std::vector<std::int8_t> narrow(weight.data.begin(), weight.data.end());
    const std::string codes = weight.isBias ? test::rawBytes(weight.data) : test::rawBytes(narrow);
    const std::string zeros(weight.scales.size() * (weight.isBias ? 4 : 1), '\0');
    return test::initializer(test::tensor(name + "_i", type, real.shape, codes)) +
           parametersText(name, weight.scales, type, zeros) +
           linearText("DequantizeLinear", name + "_i", name + "_dq", name,
                      static_cast<std::int64_t>(real.channelAxis));
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

std::string QuantizedNet::toOnnx() const
{
    std::string graph = portsText(net);
    const auto quantize = [&](const std::string &value) {
        if (const auto found = values.find(value); found != values.end()) {
            const Quantizer &q = found->second;
            graph += valueText(value + "_w", q.scale, q.zeroPoint);
            graph += valueText(value + "_r", q.readScale, q.readZeroPoint);
            graph += linearText("QuantizeLinear", value, value + "_q", value + "_w", 1);
            graph += linearText("DequantizeLinear", value + "_q", value + "_dq", value + "_r", 1);
        }
    };
    for (const auto &[name, weight] : weights) {
        graph += weightText(name, weight, net.weights.at(name));
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

} // namespace syncpoint::faults
