#include "net.h"

#include "core/graph/graph_builder.h"

#include <algorithm>

namespace syncpoint::eval {

std::shared_ptr<const Graph> Net::build() const
{
    GraphBuilder builder;
    const ScopeId main = builder.mainScope();
    for (const std::string &name : inputs) {
        builder.addInput(main, builder.localValue(main, name));
    }
    for (const auto &[name, weight] : weights) {
        builder.setConstant(builder.localValue(main, name),
                            Tensor::fromFloats(weight.shape, weight.data));
    }
    for (const Op &op : ops) {
        Node node;
        node.opType = op.type;
        node.scope = main;
        for (const auto &[name, numbers] : op.attributes) {
            node.attributes.push_back({name, numbers.size() == 1 ? Attribute::Data(numbers[0])
                                                                 : Attribute::Data(numbers)});
        }
        if (!op.activation.empty()) {
            node.attributes.push_back({"activation", op.activation});
        }
        for (const std::string &input : op.inputs) {
            node.inputs.push_back(builder.value(main, input));
        }
        for (const std::string &output : op.outputs) {
            node.outputs.push_back(builder.value(main, output));
        }
        builder.addNode(std::move(node));
    }
    for (const auto &[name, shape] : shapes) {
        Value &value = builder.edit(builder.value(main, name));
        value.shape = shape;
        value.dtype = DType::Float32;
    }
    for (const std::string &name : outputs) {
        builder.addOutput(main, builder.value(main, name));
    }
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
    return "new" + std::to_string(m_counter++);
}

Truth identityOf(const Net &net)
{
    Truth truth;
    for (const std::string &input : net.inputs) {
        truth[input] = {input};
    }
    for (const Op &op : net.ops) {
        if (std::all_of(op.inputs.begin(), op.inputs.end(),
                        [&](const std::string &input) { return net.weights.contains(input); })) {
            continue; // a constant
        }
        for (const std::string &output : op.outputs) {
            truth[output] = {output};
        }
    }
    return truth;
}

} // namespace syncpoint::eval
