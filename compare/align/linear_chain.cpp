#include "compare/align/linear_chain.h"

#include <algorithm>
#include <optional>
#include <string>

namespace syncpoint {
namespace {

std::optional<std::int64_t> lowestOf(DType dtype)
{
    switch (dtype) {
    case DType::UInt4:
    case DType::UInt8:
    case DType::UInt16:
        return 0;
    case DType::Int4:
        return -8;
    case DType::Int8:
        return -128;
    case DType::Int16:
        return -32768;
    default:
        return std::nullopt;
    }
}

/// The stored type of a quantized value. Files rarely declare it; the zero point has it.
DType storedType(const Graph &graph, ValueId id)
{
    const Value &value = graph.value(id);
    if (value.dtype != DType::Undefined || !value.producer.isValid()) {
        return value.dtype;
    }
    // The last 8- or 16-bit scalar among the inputs of a QLinear op or QuantizeLinear is the
    // result's zero point.
    DType found = DType::Undefined;
    for (const ValueId input : graph.node(value.producer).inputs) {
        if (input.isValid() && graph.value(input).constant &&
            graph.value(input).constant->elements() == 1 &&
            lowestOf(graph.value(input).constant->info().dtype)) {
            found = graph.value(input).constant->info().dtype;
        }
    }
    return found;
}

bool isNamed(const OpFamily *family, std::string_view list)
{
    if (family == nullptr) {
        return false;
    }
    for (std::size_t at = list.find(family->name); at != std::string_view::npos;
         at = list.find(family->name, at + 1)) {
        const std::size_t end = at + family->name.size();
        if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) {
            return true;
        }
    }
    return false;
}

/// Elements of the op's only constant operand; nothing without one or when unknown.
std::optional<std::uint64_t> constantElements(const GraphSide &side, NodeId id)
{
    std::optional<std::uint64_t> found;
    for (const ValueId input : side.graph.node(id).inputs) {
        if (input.isValid() &&
            side.classes[side.classes.classOf(input)].kind == ValueClass::Kind::Constant) {
            const Value &value = side.graph.value(input);
            const auto elements = value.constant ? std::optional(value.constant->elements())
                                  : value.shape  ? elementCount(*value.shape)
                                                 : std::nullopt;
            if (!elements || found) {
                return std::nullopt;
            }
            found = elements;
        }
    }
    return found;
}

/// Extent of the output channels of a linear op's result.
std::optional<std::uint64_t> channelsOf(const GraphSide &side, NodeId linear)
{
    const Node &node = side.graph.node(linear);
    const OpFamily *family = side.families[linear.index()];
    const auto &shape = side.graph.value(node.outputs.front()).shape;
    if (family == nullptr || !shape || shape->empty()) {
        return std::nullopt;
    }
    const bool isImage = isNamed(family, "conv conv_transpose");
    const bool isLast = !isImage || node.opType.find("CONV") != std::string::npos ||
                        node.opType.starts_with("Nhwc");
    const std::int64_t extent = isLast || shape->size() < 2 ? shape->back() : (*shape)[1];
    return extent > 0 ? std::optional(static_cast<std::uint64_t>(extent)) : std::nullopt;
}

bool hasOperand(const Node &node, std::size_t slot)
{
    return node.inputs.size() > slot && node.inputs[slot].isValid();
}

/// The op by itself: what a fused form already contains.
ChainStep firstStep(const GraphSide &side, NodeId id, ValueClassId made)
{
    const Node &node = side.graph.node(id);
    const OpFamily *family = side.families[id.index()];
    ChainStep step;
    step.value = made;
    step.isUnscaled = isIntegerProduct(node);
    const bool isQuantized = node.opType.starts_with("QLinear");
    if (isNamed(family, "conv conv_transpose gemm") && !step.isUnscaled) {
        const std::size_t slot = isQuantized ? 8 : node.opType == "QGemm" ? 6 : 2;
        step.hasBias = hasOperand(node, slot);
    }
    if (isNamed(family, "conv") && !isQuantized && !step.isUnscaled &&
        node.opType.find("Conv") != std::string::npos) {
        step.hasSum = hasOperand(node, 3);
    }
    for (const char *name : {"activation", "fused_activation_function"}) {
        const Attribute *attribute = node.findAttribute(name);
        const auto *text = attribute ? std::get_if<std::string>(&attribute->data) : nullptr;
        const OpFamily *fused = text != nullptr && !text->empty() ? opFamilyOf(*text) : nullptr;
        step.activation = fused != nullptr ? fused->name : step.activation;
    }
    return step;
}

/// The step that one more op makes; nothing when it is not part of such a chain.
std::optional<ChainStep> stepThrough(const GraphSide &side, NodeId linear, NodeId next,
                                     const ChainStep &before, ValueClassId made)
{
    constexpr std::string_view kActivations =
        "relu clip leaky_relu sigmoid hard_sigmoid tanh elu softplus gelu hard_swish silu mish";
    const OpFamily *family = side.families[next.index()];
    ChainStep step = before;
    step.value = made;
    if (step.isUnscaled) {
        step.isUnscaled = false;
        return isNamed(family, "mul") ? std::optional(step) : std::nullopt;
    }
    if (isNamed(family, kActivations) && side.inputs[next.index()].size() == 1) {
        step.activation = family->name;
        return step;
    }
    if (isNamed(family, "batch_norm")) {
        step.isBatchNormalized = step.isNormalized = step.hasBias = true;
        return step;
    }
    if (isBiasAdd(side, next, linear)) {
        step.hasBias = true;
        return step;
    }
    const auto constant = constantElements(side, next);
    const auto channels = channelsOf(side, linear);
    if (isNamed(family, "mul") && constant && constant == channels && *constant > 1) {
        step.isNormalized = true;
        return step;
    }
    if (isNamed(family, "add") && side.inputs[next.index()].size() == 2 && !step.hasSum) {
        step.hasSum = true;
        return step;
    }
    return std::nullopt;
}

bool isRelu(std::string_view activation)
{
    return activation == "relu" || activation == "clip";
}

/// Makes the steps of two chains comparable: what one side folded into the weight counts as there.
void reconcile(std::vector<ChainStep> &chain, const std::vector<ChainStep> &other,
               const GraphSide &side, Rescaling rescaling)
{
    const auto any = [](const std::vector<ChainStep> &steps, auto question) {
        return std::any_of(steps.begin(), steps.end(), question);
    };
    const auto normalized = [](const ChainStep &step) { return step.isNormalized; };
    const auto biased = [](const ChainStep &step) { return step.hasBias; };
    const auto activated = [](const ChainStep &step) { return !step.activation.empty(); };
    const auto batchNormalized = [](const ChainStep &step) { return step.isBatchNormalized; };
    const bool isFolded = !any(chain, normalized) &&
                          ((rescaling == Rescaling::Yes && any(other, normalized)) ||
                           (rescaling == Rescaling::Unknown && any(other, batchNormalized)));
    const bool ignoresBias = !any(other, biased);
    for (ChainStep &step : chain) {
        step.isNormalized = step.isNormalized || isFolded;
        step.hasBias = (step.hasBias || isFolded) && (isFolded || !ignoresBias);
    }
    if (!any(chain, activated) && !other.empty() && isRelu(other.back().activation) &&
        startsAtZero(side, chain.back().value)) {
        chain.back().activation = other.back().activation;
    }
}

bool sameState(const ChainStep &a, const ChainStep &b)
{
    return a.isUnscaled == b.isUnscaled && a.hasBias == b.hasBias &&
           a.isNormalized == b.isNormalized && a.hasSum == b.hasSum && a.activation == b.activation;
}

} // namespace

bool isIntegerProduct(const Node &node)
{
    return node.opType == "MatMulInteger" || node.opType == "ConvInteger";
}

bool isLinear(const OpFamily *family)
{
    return isNamed(family, "conv conv_transpose matmul fused_matmul gemm");
}

bool startsAtZero(const GraphSide &side, ValueClassId id)
{
    for (const ClassMember &member : side.classes[id].members) {
        const Value &value = side.graph.value(member.value);
        if (member.role != MemberRole::Quantized || !value.quantization) {
            continue;
        }
        const auto lowest = lowestOf(storedType(side.graph, member.value));
        const auto &zeros = value.quantization->zeroPoints;
        if (!lowest) {
            return false;
        }
        return zeros.empty() ? *lowest == 0
                             : std::all_of(zeros.begin(), zeros.end(),
                                           [&](std::int64_t zero) { return zero == *lowest; });
    }
    return false;
}

bool isBiasAdd(const GraphSide &side, NodeId add, NodeId linear)
{
    const OpFamily *family = side.families[add.index()];
    if (!isNamed(family, "add") || side.inputs[add.index()].size() != 1) {
        return false;
    }
    // A position embedding is a constant as well, but no vector along the channels.
    const auto constant = constantElements(side, add);
    const auto channels = channelsOf(side, linear);
    return constant && (!channels || *constant == *channels);
}

std::vector<ChainStep> linearChain(const GraphSide &side, NodeId id)
{
    constexpr std::size_t kLongest = 6;
    const auto own = side.outputs(id);
    if (own.size() != 1) {
        return {};
    }
    std::vector<ChainStep> chain{firstStep(side, id, own.front())};
    while (chain.size() < kLongest && chain.back().activation.empty()) {
        const ChainStep &last = chain.back();
        const auto readers = side.liveReaders(last.value);
        if (readers.size() != 1 || side.isOutput[last.value.index()]) {
            break;
        }
        const auto made = side.outputs(readers.front());
        if (made.size() != 1) {
            break;
        }
        const auto step = stepThrough(side, id, readers.front(), last, made.front());
        if (!step) {
            break;
        }
        chain.push_back(*step);
    }
    return chain;
}

std::vector<std::pair<ValueClassId, ValueClassId>> equalSteps(const GraphSide &reference, NodeId r,
                                                              const GraphSide &candidate, NodeId c,
                                                              Rescaling rescaling)
{
    const auto own = linearChain(reference, r);
    const auto other = linearChain(candidate, c);
    if (own.empty() || other.empty()) {
        return {};
    }
    auto chain = own;
    auto counterpart = other;
    reconcile(chain, other, reference, rescaling);
    reconcile(counterpart, own, candidate, rescaling);
    std::vector<std::pair<ValueClassId, ValueClassId>> result;
    for (const ChainStep &step : chain) {
        for (const ChainStep &twin : counterpart) {
            if (sameState(step, twin)) {
                result.emplace_back(step.value, twin.value);
            }
        }
    }
    return result;
}

} // namespace syncpoint
