#include "compare/align/value_classes.h"
#include "compare/align/channel_blocks.h"
#include "compare/align/layout_between.h"
#include "compare/align/op_family.h"
#include "compare/align/permutation.h"
#include "core/graph/topology.h"

#include <algorithm>

namespace syncpoint {
namespace {

/// The view's transform from the root, given its parent's.
std::optional<Transform> composed(const Graph &graph, const Node &node, const OpFamily &family,
                                  const Transform &parent)
{
    Transform result = parent;
    if (node.domain == "com.microsoft.nchwc") {
        const Attribute *attribute = node.findAttribute("channels_last");
        const auto *last = attribute ? std::get_if<std::int64_t>(&attribute->data) : nullptr;
        return last != nullptr && *last != 0 ? std::nullopt : std::optional(parent);
    }
    if (family.name == "reshape") {
        const auto &shape = graph.value(node.outputs.front()).shape;
        if (!hasKnownExtents(shape)) {
            return std::nullopt;
        }
        result.reshape = *shape;
    } else if (family.name == "transpose") {
        const auto axes = permutationOf(graph, node);
        if (!axes || parent.reshape) {
            return std::nullopt;
        }
        if (parent.permutation.empty()) {
            result.permutation = *axes;
        } else if (parent.permutation.size() == axes->size()) {
            for (std::size_t i = 0; i < axes->size(); ++i) {
                result.permutation[i] = parent.permutation[(*axes)[i]];
            }
        } else {
            return std::nullopt;
        }
    }
    return result;
}

/// A Cast from reals to integers or bool cuts numbers off: it computes.
bool keepsNumbers(const Graph &graph, const Node &node, const OpFamily &family)
{
    if (family.name != "cast") {
        return true;
    }
    const DType from = graph.value(node.inputs.front()).dtype;
    const DType to = graph.value(node.outputs.front()).dtype;
    return !(isFloat(from) && (isInteger(to) || to == DType::Bool));
}

MemberRole roleAfter(const OpFamily &family, MemberRole before)
{
    return family.name == "quantize"     ? MemberRole::Quantized
           : family.name == "dequantize" ? MemberRole::Dequantized
                                         : before;
}

} // namespace

ValueClasses::ValueClasses(const Graph &graph)
    : m_classOf(graph.values().size()), m_positions(graph.values().size()),
      m_transparent(graph.nodes().size())
{
    const std::vector<bool> constants = constantValues(graph);
    const std::vector<bool> shapes = shapeValues(graph);
    const auto kindOf = [&](ValueId value) {
        return constants[value.index()] ? ValueClass::Kind::Constant
               : shapes[value.index()]  ? ValueClass::Kind::ShapeArithmetic
                                        : ValueClass::Kind::Data;
    };
    for (std::size_t i = 0; i < graph.values().size(); ++i) {
        if (!graph.values()[i].producer.isValid()) {
            addRoot(graph, ValueId{i}, kindOf(ValueId{i}));
        }
    }
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        m_transparent[i] = addView(graph, NodeId{i}) || addIfViews(graph, NodeId{i});
        for (const ValueId output : graph.nodes()[i].outputs) {
            if (output.isValid() && !m_classOf[output.index()].isValid()) {
                const auto kind = kindOf(output);
                const bool isData = kind == ValueClass::Kind::Data;
                addRoot(graph, output,
                        isData && isParameter(graph.nodes()[i], output)
                            ? ValueClass::Kind::QuantizationParameter
                            : kind);
            }
        }
    }
}

const ClassMember &ValueClasses::member(ValueId value) const
{
    return m_classes[classOf(value).index()].members[m_positions[value.index()]];
}

/// The scale and zero point of DynamicQuantizeLinear, and what is computed from these alone.
bool ValueClasses::isParameter(const Node &node, ValueId output) const
{
    const OpFamily *family = opFamilyOf(node);
    if (family != nullptr && family->name == "quantize") {
        return node.outputs.front() != output;
    }
    bool readsParameter = false;
    for (const ValueId input : node.inputs) {
        if (!input.isValid()) {
            continue;
        }
        const ValueClassId source = m_classOf[input.index()];
        const auto kind =
            source.isValid() ? m_classes[source.index()].kind : ValueClass::Kind::Data;
        if (kind == ValueClass::Kind::Data) {
            return false;
        }
        readsParameter = readsParameter || kind == ValueClass::Kind::QuantizationParameter;
    }
    return readsParameter && node.bodies.empty();
}

/// Ops of other domains keep the layout of what they read: Add, Concat and activations.
bool ValueClasses::makesBlocks(const Node &node) const
{
    const auto isBlocked = [&](ValueId input) {
        return input.isValid() && m_classOf[input.index()].isValid() && member(input).isBlocked;
    };
    return worksInChannelBlocks(node) ||
           std::any_of(node.inputs.begin(), node.inputs.end(), isBlocked);
}

void ValueClasses::addRoot(const Graph &graph, ValueId value, ValueClass::Kind kind)
{
    const Value &facts = graph.value(value);
    ClassMember root;
    root.value = value;
    root.role =
        facts.quantization && !isFloat(facts.dtype) ? MemberRole::Quantized : MemberRole::Raw;
    root.isBlocked = facts.producer.isValid() && makesBlocks(graph.node(facts.producer));
    m_classOf[value.index()] = ValueClassId{m_classes.size()};
    m_classes.push_back({kind, facts.producer, {root}});
}

bool ValueClasses::addView(const Graph &graph, NodeId id)
{
    const Node &node = graph.node(id);
    const OpFamily *family = opFamilyOf(node);
    if (family == nullptr || !family->transparent || node.inputs.empty() || node.outputs.empty() ||
        !node.inputs.front().isValid() || !node.outputs.front().isValid()) {
        return false;
    }
    const ValueId source = node.inputs.front();
    const ValueClassId home = m_classOf[source.index()];
    if (!home.isValid() || m_classes[home.index()].kind != ValueClass::Kind::Data ||
        !keepsNumbers(graph, node, *family)) {
        return false;
    }
    ValueClass &members = m_classes[home.index()];
    const ClassMember &parent = members.members[m_positions[source.index()]];
    ClassMember view;
    view.value = node.outputs.front();
    view.parent = m_positions[source.index()];
    view.role = roleAfter(*family, parent.role);
    view.isRelayout = family->name == "reshape" || family->name == "transpose";
    view.isBlocked =
        worksInChannelBlocks(node) || (parent.isBlocked && node.opType != "ReorderOutput");
    view.fromRoot =
        parent.fromRoot ? composed(graph, node, *family, *parent.fromRoot) : std::nullopt;
    m_classOf[view.value.index()] = home;
    m_positions[view.value.index()] = static_cast<std::uint32_t>(members.members.size());
    members.members.push_back(std::move(view));
    return true;
}

/// What every branch yields in that slot, when all yield the same numbers.
std::optional<ValueId> ValueClasses::yieldedView(const Graph &graph, const Node &node,
                                                 std::size_t slot) const
{
    std::optional<ValueId> first;
    for (const ScopeId body : node.bodies) {
        const auto &yielded = graph.scope(body).outputs;
        if (slot >= yielded.size() || !yielded[slot].isValid() ||
            !m_classOf[yielded[slot].index()].isValid() ||
            m_classes[classOf(yielded[slot]).index()].kind != ValueClass::Kind::Data ||
            (first && classOf(*first) != classOf(yielded[slot]))) {
            return std::nullopt;
        }
        first = first ? first : yielded[slot];
    }
    return first;
}

/// An If whose branches only differ in the view they take of a value (Squeeze or Identity, as
/// TorchScript writes squeeze()) computes nothing.
bool ValueClasses::addIfViews(const Graph &graph, NodeId id)
{
    const Node &node = graph.node(id);
    std::vector<ValueId> sources;
    for (std::size_t slot = 0; slot < node.outputs.size(); ++slot) {
        const auto source = yieldedView(graph, node, slot);
        if (node.opType != "If" || !source || !node.outputs[slot].isValid()) {
            return false;
        }
        sources.push_back(*source);
    }
    for (std::size_t slot = 0; slot < sources.size(); ++slot) {
        const ValueId value = node.outputs[slot];
        ValueClass &group = m_classes[classOf(sources[slot]).index()];
        ClassMember view;
        view.value = value;
        view.parent = m_positions[sources[slot].index()];
        view.role = group.members[view.parent].role;
        view.isRelayout = true;
        view.fromRoot = std::nullopt; // which branch runs is not known
        view.isBlocked = group.members[view.parent].isBlocked;
        m_classOf[value.index()] = classOf(sources[slot]);
        m_positions[value.index()] = static_cast<std::uint32_t>(group.members.size());
        group.members.push_back(std::move(view));
    }
    return !sources.empty();
}

} // namespace syncpoint
