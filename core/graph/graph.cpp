#include "core/graph/graph.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
bool isWeight(const Value &value)
{
    if (!value.constant || value.constant->elements() <= 1) {
        return false;
    }
    const DType dtype = value.constant->info().dtype;
    // Integers of 8 bits and less are weights even where their scale is applied later.
    return isFloat(dtype) ||
           (isInteger(dtype) && (value.quantization != nullptr || bitWidth(dtype) <= 8));
}

/// Ops between a weight and the op that computes with it.
bool passesWeightOn(const Node &node)
{
    return node.opType == "QuantizeLinear" || node.opType == "DequantizeLinear" ||
           node.opType == "Cast" || node.opType == "Identity" || node.opType == "Constant" ||
           node.opType.starts_with("constexpr_"); // Core ML's compressed weights
}

/// A constant that an op makes of a stored one, which is counted itself.
bool isDecoded(const Graph &graph, const Value &value)
{
    return value.producer.isValid() && !graph.node(value.producer).inputs.empty();
}

/// The op that computes with the weight, behind Q/DQ and Cast; invalid when the constant is unused
/// or only a scale or zero point.
NodeId computingConsumer(const Graph &graph, ValueId weight)
{
    constexpr int kLongestChain = 16;
    ValueId current = weight;
    for (int step = 0; step < kLongestChain; ++step) {
        const auto &consumers = graph.value(current).consumers;
        const auto used = std::find_if(consumers.begin(), consumers.end(), [&](NodeId id) {
            const Node &node = graph.node(id);
            return !passesWeightOn(node) || (!node.inputs.empty() && node.inputs[0] == current);
        });
        if (used == consumers.end()) {
            return {};
        }
        const Node &node = graph.node(*used);
        if (!passesWeightOn(node) || node.outputs.empty() || !node.outputs[0].isValid() ||
            graph.value(node.outputs[0]).consumers.empty()) {
            return *used;
        }
        current = node.outputs[0];
    }
    return {};
}
} // namespace

const Attribute *Node::findAttribute(std::string_view attributeName) const
{
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const Attribute &a) { return a.name == attributeName; });
    return found == attributes.end() ? nullptr : &*found;
}

std::optional<ValueId> Graph::findValue(std::string_view qualifiedName) const
{
    const auto found = m_valueByName.find(std::string(qualifiedName));
    return found == m_valueByName.end() ? std::nullopt : std::optional(found->second);
}

std::string Graph::qualifiedName(ValueId id) const
{
    const Value &v = value(id);
    const std::string &path = scope(v.scope).path;
    return path.empty() ? v.name : path + "/" + v.name;
}

std::string Graph::displayName(NodeId id) const
{
    const Node &op = node(id);
    if (!op.name.empty()) {
        return op.name;
    }
    const auto named = std::find_if(op.outputs.begin(), op.outputs.end(),
                                    [](ValueId output) { return output.isValid(); });
    if (named == op.outputs.end()) {
        return fmt::format("{} #{}", op.opType.empty() ? "op" : op.opType, id.index());
    }
    return fmt::format("{} → {}", op.opType, value(*named).name);
}

Graph::Size Graph::parameterSize() const
{
    Size total;
    for (const Size &size : parameterSizePerModule()) {
        total.parameters += size.parameters;
        total.bytes += size.bytes;
    }
    return total;
}

std::vector<Graph::Size> Graph::parameterSizePerModule() const
{
    std::vector<Size> sizes(m_modules.size());
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const Value &v = m_values[i];
        if (!isWeight(v) || isDecoded(*this, v)) {
            continue;
        }
        const NodeId consumer = computingConsumer(*this, ValueId{i});
        if (!consumer.isValid()) {
            continue;
        }
        if (isFloat(v.dtype) && node(consumer).opType.starts_with("QLinear")) {
            continue; // their data are integers, so this is a scale
        }
        Size &size = sizes[node(consumer).module.index()];
        size.parameters += v.constant->elements();
        size.bytes += v.constant->storedBytes();
    }
    return sizes;
}

} // namespace syncpoint
