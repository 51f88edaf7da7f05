#include "net.h"

#include "core/graph/graph_builder.h"

#include <algorithm>
#include <cstring>

namespace syncpoint::eval {

namespace {

template <typename Element>
std::vector<std::byte> bytesOf(const std::vector<float> &data)
{
    std::vector<std::byte> bytes(data.size() * sizeof(Element));
    for (std::size_t i = 0; i < data.size(); ++i) {
        const auto element = static_cast<Element>(data[i]);
        std::memcpy(bytes.data() + i * sizeof(Element), &element, sizeof(Element));
    }
    return bytes;
}

Tensor tensorOf(const Weight &weight)
{
    TensorInfo info;
    info.dtype = weight.dtype;
    info.shape = weight.shape;
    switch (weight.dtype) {
    case DType::Int64:
        return Tensor::fromBytes(info, bytesOf<std::int64_t>(weight.data)).value();
    case DType::Int32:
        return Tensor::fromBytes(info, bytesOf<std::int32_t>(weight.data)).value();
    case DType::Bool:
    case DType::Int8:
        return Tensor::fromBytes(info, bytesOf<std::int8_t>(weight.data)).value();
    case DType::UInt8:
        return Tensor::fromBytes(info, bytesOf<std::uint8_t>(weight.data)).value();
    default:
        return Tensor::fromFloats(weight.shape, weight.data);
    }
}

void addPorts(const Net &net, ScopeId scope, GraphBuilder &builder)
{
    for (const std::string &name : net.inputs) {
        builder.addInput(scope, builder.localValue(scope, name));
    }
    for (const auto &[name, weight] : net.weights) {
        const ValueId value = builder.localValue(scope, name);
        if (weight.hasData) {
            builder.setConstant(value, tensorOf(weight));
            if (!weight.scales.empty()) {
                builder.edit(value).quantization =
                    std::make_shared<Quantization>(Quantization{weight.scales, {}, weight.axis, 0});
            }
        } else {
            builder.setConstantWithoutData(value, weight.dtype, weight.shape);
        }
    }
}

/// Ops of a scope and of its bodies; values of enclosing scopes are there already.
void addOps(const Net &net, ScopeId scope, GraphBuilder &builder)
{
    for (const Op &op : net.ops) {
        Node node;
        node.opType = op.type;
        node.scope = scope;
        node.name = op.bodies.empty() ? "" : op.outputs.front();
        for (const auto &[name, numbers] : op.attributes) {
            node.attributes.push_back({name, numbers.size() == 1 ? Attribute::Data(numbers[0])
                                                                 : Attribute::Data(numbers)});
        }
        if (!op.activation.empty()) {
            node.attributes.push_back({"activation", op.activation});
        }
        for (const std::string &input : op.inputs) {
            node.inputs.push_back(builder.value(scope, input));
        }
        for (const std::string &output : op.outputs) {
            node.outputs.push_back(output.empty() ? ValueId{} : builder.localValue(scope, output));
        }
        const NodeId owner = builder.addNode(std::move(node));
        for (std::size_t i = 0; i < op.bodies.size(); ++i) {
            const ScopeId body = builder.addScope(owner, i == 0 ? "then_branch" : "else_branch");
            addPorts(op.bodies[i], body, builder);
            addOps(op.bodies[i], body, builder);
        }
    }
    for (const auto &[name, shape] : net.shapes) {
        if (const auto known = builder.findLocalValue(scope, name)) {
            Value &value = builder.edit(*known);
            value.shape = shape;
            value.dtype = DType::Float32;
        }
    }
    for (const auto &[name, zeroPoint] : net.zeroPoints) {
        Value &value = builder.edit(builder.value(scope, name));
        value.dtype = DType::UInt8;
        value.quantization =
            std::make_shared<Quantization>(Quantization{{0.02}, {zeroPoint}, {}, 0});
    }
    for (const std::string &name : net.outputs) {
        builder.addOutput(scope, builder.value(scope, name));
    }
}

} // namespace

std::shared_ptr<const Graph> Net::build() const
{
    GraphBuilder builder;
    addPorts(*this, builder.mainScope(), builder);
    addOps(*this, builder.mainScope(), builder);
    auto graph = builder.build();
    return graph ? graph.value() : nullptr;
}

std::vector<std::size_t> Net::readersOf(const std::string &value) const
{
    std::vector<std::size_t> readers;
    for (std::size_t i = 0; i < ops.size(); ++i) {
        if (std::find(ops[i].inputs.begin(), ops[i].inputs.end(), value) != ops[i].inputs.end()) {
            readers.push_back(i);
        }
    }
    return readers;
}

bool Net::isOutput(const std::string &value) const
{
    return std::find(outputs.begin(), outputs.end(), value) != outputs.end();
}

std::string Net::fresh()
{
    return "new" + std::to_string(names++);
}

Truth identityOf(const Net &net)
{
    Truth truth;
    for (const std::string &input : net.inputs) {
        truth[input] = {input};
    }
    std::set<std::string> constants;
    for (const auto &[name, weight] : net.weights) {
        constants.insert(name);
    }
    for (const Op &op : net.ops) {
        if (std::all_of(op.inputs.begin(), op.inputs.end(),
                        [&](const std::string &input) { return constants.contains(input); })) {
            constants.insert(op.outputs.begin(), op.outputs.end());
            continue;
        }
        for (const std::string &output : op.outputs) {
            truth[output] = {output};
        }
    }
    return truth;
}

} // namespace syncpoint::eval
