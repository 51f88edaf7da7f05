#include "compare/align/twins.h"
#include "compare/align/graph_side.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <unordered_map>

namespace syncpoint {
namespace {

void append(std::string &key, std::uint64_t number)
{
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    key.append(bytes, sizeof bytes);
}

/// Small constants by content, because copies are common; large ones by identity.
void appendConstant(std::string &key, const Value &value, ValueId id)
{
    constexpr std::size_t kSmall = 64;
    if (value.constant && !value.quantization && value.constant->storedBytes() <= kSmall) {
        const auto bytes = value.constant->bytes();
        append(key, static_cast<std::uint64_t>(value.constant->info().dtype));
        append(key, bytes.size());
        key.append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    } else {
        append(key, id.index());
    }
}

std::string keyOf(const GraphSide &side, const Node &node, const std::vector<ValueClassId> &twins)
{
    std::string key = node.domain + ':' + node.opType;
    std::vector<std::string> operands;
    for (const ValueId input : node.inputs) {
        std::string &operand = operands.emplace_back("|");
        if (!input.isValid()) {
            continue;
        }
        const ValueClassId group = side.classes.classOf(input);
        if (side.classes[group].kind == ValueClass::Kind::Constant) {
            appendConstant(operand, side.graph.value(input), input);
        } else {
            operand += '@';
            append(operand, twins[group.index()].index());
        }
    }
    const OpFamily *family = opFamilyOf(node);
    if (family != nullptr && family->commutative && operands.size() == 2) { // not QLinear ops
        std::sort(operands.begin(), operands.end());
    }
    for (const std::string &operand : operands) {
        key += operand;
    }
    for (const Attribute &attribute : node.attributes) {
        key += '|' + attribute.name + '=' + toText(attribute, 1000);
    }
    return key;
}

} // namespace

std::vector<ValueClassId> findTwins(const GraphSide &side)
{
    std::vector<ValueClassId> twins(side.classCount());
    for (std::size_t i = 0; i < twins.size(); ++i) {
        twins[i] = ValueClassId{i};
    }
    std::unordered_map<std::string, NodeId> byKey;
    for (std::size_t i = 0; i < side.graph.nodes().size(); ++i) {
        const Node &node = side.graph.nodes()[i];
        const auto outputs = side.outputs(NodeId{i});
        // Ops that nothing is known of may be random or have a state.
        if (outputs.empty() || side.families[i] == nullptr || !node.bodies.empty() ||
            side.inputs[i].empty()) {
            continue;
        }
        const auto [first, isNew] = byKey.emplace(keyOf(side, node, twins), NodeId{i});
        const auto originals = side.outputs(first->second);
        if (!isNew && originals.size() == outputs.size()) {
            for (std::size_t k = 0; k < outputs.size(); ++k) {
                twins[outputs[k].index()] = twins[originals[k].index()];
            }
        }
    }
    return twins;
}

} // namespace syncpoint
