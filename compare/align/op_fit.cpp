#include "compare/align/op_fit.h"
#include "compare/align/packed_weight.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace syncpoint {
namespace {

/// The value that holds the constant behind an operand, seen through the ops that dequantize or
/// reshape weights; null without one.
const Value *constantBehind(const Graph &graph, ValueId id)
{
    constexpr int kLongestChain = 8;
    for (int step = 0; step < kLongestChain && id.isValid(); ++step) {
        const Value &value = graph.value(id);
        if (value.isConstant) {
            return &value;
        }
        if (!value.producer.isValid() || graph.node(value.producer).inputs.empty()) {
            return nullptr;
        }
        id = graph.node(value.producer).inputs.front();
    }
    return nullptr;
}

/// Elements of a constant that holds weights rather than indices or shapes.
std::uint64_t elementsOf(const Value &value)
{
    const DType dtype = value.constant ? value.constant->info().dtype : value.dtype;
    const bool isIndex = dtype == DType::Int64 || dtype == DType::Int32 || dtype == DType::Bool;
    if (isIndex && !value.quantization) {
        return 0;
    }
    return value.constant ? value.constant->elements()
           : value.shape  ? elementCount(*value.shape).value_or(0)
                          : 0;
}

/// Whether the ops read weights that are known to differ.
bool weightsDiffer(const Pairing &pairing, NodeId r, NodeId c)
{
    return !pairing.referenceWeights.empty() &&
           pairing.referenceWeights[r.index()] != pairing.candidateWeights[c.index()];
}

/// Weights known to be the same may be padded on one side.
bool sameWeightSize(const Pairing &pairing, NodeId r, NodeId c)
{
    const bool isKnown =
        !pairing.referenceWeights.empty() && pairing.referenceWeights[r.index()] != 0;
    return isKnown || weightElements(pairing.reference, r) == weightElements(pairing.candidate, c);
}

struct FamilyPair
{
    std::string_view one, other;
    bool byNumber = false; ///< only where the single number they read says so
};

/// Families that are written for each other on the same operands.
constexpr auto kSynonyms = std::to_array<FamilyPair>({
    {"relu", "clip", true},
    {"mul", "div", true},
    {"add", "sub", true},
    {"mul", "pow", true},
    {"global_avg_pool", "reduce_mean"},
    {"global_avg_pool", "avg_pool"},
    {"global_max_pool", "reduce_max"},
    {"global_max_pool", "max_pool"},
});

const FamilyPair *synonyms(const OpFamily &a, const OpFamily &b)
{
    const auto found = std::find_if(kSynonyms.begin(), kSynonyms.end(), [&](const auto &pair) {
        return (pair.one == a.name && pair.other == b.name) ||
               (pair.one == b.name && pair.other == a.name);
    });
    return found == kSynonyms.end() ? nullptr : &*found;
}

/// The single real number an operand is; nothing when it is none, or integers of a quantizer.
std::optional<double> numberOf(const Graph &graph, ValueId id)
{
    const Value *value = constantBehind(graph, id);
    if (value == nullptr || !value->constant || value->constant->elements() != 1 ||
        !isFloat(value->constant->info().dtype)) {
        return std::nullopt;
    }
    float number = 0.0F;
    decode(value->constant->view(), 0, std::span(&number, 1));
    return double{number};
}

/// What an op does to its one data operand with single numbers.
struct Effect
{
    enum class Kind { None, Scale, Shift, Power, Clamp };
    Kind kind = Kind::None;
    double low = 0.0; ///< factor, offset, exponent, or lower bound
    double high = 0.0;
};

std::optional<double> boundOf(const Graph &graph, const Node &node, std::size_t slot,
                              const char *name, double absent)
{
    if (const Attribute *attribute = node.findAttribute(name)) {
        if (const auto *real = std::get_if<double>(&attribute->data)) {
            return *real;
        }
        if (const auto *integer = std::get_if<std::int64_t>(&attribute->data)) {
            return static_cast<double>(*integer);
        }
    }
    if (node.inputs.size() <= slot || !node.inputs[slot].isValid()) {
        return absent;
    }
    return numberOf(graph, node.inputs[slot]);
}

/// The bounds of a Relu or Clip; nothing when they are unknown.
std::optional<Effect> clampOf(const Graph &graph, const Node &node, const OpFamily &family)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    Effect effect{Effect::Kind::Clamp, 0.0, kInfinity};
    if (family.name == "relu") {
        return effect;
    }
    if (node.opType == "Relu6" || node.opType == "RELU6" || node.opType == "relu6") {
        effect.high = 6.0;
        return effect;
    }
    if (node.opType != "Clip") {
        return std::nullopt; // clamp, hardtanh: bounds are kept in too many ways
    }
    const auto low = boundOf(graph, node, 1, "min", -kInfinity);
    const auto high = boundOf(graph, node, 2, "max", kInfinity);
    return low && high ? std::optional(Effect{Effect::Kind::Clamp, *low, *high}) : std::nullopt;
}

std::optional<Effect> effectOf(const GraphSide &side, NodeId id)
{
    const Node &node = side.graph.node(id);
    const OpFamily &family = *side.families[id.index()];
    const auto &inputs = side.inputs[id.index()];
    if (family.name == "relu" || family.name == "clip") {
        return clampOf(side.graph, node, family);
    }
    if (family.name == "mul" && inputs.size() == 2 && inputs[0] == inputs[1]) {
        return Effect{Effect::Kind::Power, 2.0, 0.0};
    }
    if (inputs.size() != 1) {
        return Effect{};
    }
    if (node.inputs.size() != 2 || !node.inputs[0].isValid()) {
        return std::nullopt;
    }
    const bool isFirst = side.isData(side.classes.classOf(node.inputs[0]));
    const auto number = numberOf(side.graph, node.inputs[isFirst ? 1 : 0]);
    if (!number) {
        return std::nullopt;
    }
    if (family.name == "mul") {
        return Effect{Effect::Kind::Scale, *number, 0.0};
    }
    if (family.name == "add") {
        return Effect{Effect::Kind::Shift, *number, 0.0};
    }
    if (family.name == "div" && isFirst && *number != 0.0) {
        return Effect{Effect::Kind::Scale, 1.0 / *number, 0.0};
    }
    if (family.name == "sub" && isFirst) {
        return Effect{Effect::Kind::Shift, -*number, 0.0};
    }
    if (family.name == "pow" && isFirst) {
        return Effect{Effect::Kind::Power, *number, 0.0};
    }
    return Effect{};
}

bool isNear(double a, double b)
{
    constexpr double kTolerance = 0.02; // half precision, int8 constants
    return a == b || std::abs(a - b) <= kTolerance * std::max(std::abs(a), std::abs(b));
}

/// Whether the single numbers that two ops read fit; `mustBeKnown`: no number is no evidence.
bool effectsFit(const Pairing &pairing, NodeId r, NodeId c, bool mustBeKnown)
{
    const auto own = effectOf(pairing.reference, r);
    const auto other = effectOf(pairing.candidate, c);
    if (!own || !other) {
        return !mustBeKnown;
    }
    if (mustBeKnown && own->kind == Effect::Kind::None) {
        return false;
    }
    return own->kind == other->kind && isNear(own->low, other->low) &&
           isNear(own->high, other->high);
}

bool readAlike(const Pairing &pairing, NodeId r, NodeId c)
{
    const auto &own = pairing.reference.inputs[r.index()];
    const auto &other = pairing.candidate.inputs[c.index()];
    const auto isOne = [](const std::vector<ValueClassId> &read) {
        return !read.empty() && std::all_of(read.begin(), read.end(),
                                            [&](ValueClassId id) { return id == read.front(); });
    };
    return own.size() == other.size() || (isOne(own) && isOne(other));
}

} // namespace

std::uint64_t constantElements(const GraphSide &side, ValueId operand)
{
    if (!operand.isValid() || side.isData(side.classes.classOf(operand))) {
        return 0;
    }
    const Value *constant = constantBehind(side.graph, operand);
    return constant != nullptr ? elementsOf(*constant) : 0;
}

std::uint64_t weightElements(const GraphSide &side, NodeId id)
{
    if (const auto packed = packedElements(side.graph.node(id))) {
        return *packed;
    }
    std::uint64_t largest = 0;
    for (const ValueId input : side.graph.node(id).inputs) {
        largest = std::max(largest, constantElements(side, input));
    }
    return largest > 1 ? largest : 0;
}

bool opsFit(const Pairing &pairing, NodeId r, NodeId c)
{
    const OpFamily *own = pairing.reference.families[r.index()];
    const OpFamily *other = pairing.candidate.families[c.index()];
    if (!readAlike(pairing, r, c) || weightsDiffer(pairing, r, c) ||
        !sameWeightSize(pairing, r, c)) {
        return false;
    }
    if (own == nullptr || other == nullptr) { // ops that the table does not know
        return own == other &&
               pairing.reference.graph.node(r).opType == pairing.candidate.graph.node(c).opType;
    }
    if (own == other) {
        return effectsFit(pairing, r, c, false);
    }
    const FamilyPair *pair = synonyms(*own, *other);
    return pair != nullptr && (!pair->byNumber || effectsFit(pairing, r, c, true));
}

bool sameSmallConstants(const Pairing &pairing, NodeId r, NodeId c)
{
    constexpr std::size_t kSmall = 64; // bytes
    const auto &own = pairing.reference.graph.node(r).inputs;
    const auto &other = pairing.candidate.graph.node(c).inputs;
    bool any = false;
    for (std::size_t i = 0; i < std::min(own.size(), other.size()); ++i) {
        if (!own[i].isValid() || !other[i].isValid()) {
            continue;
        }
        const auto &a = pairing.reference.graph.value(own[i]).constant;
        const auto &b = pairing.candidate.graph.value(other[i]).constant;
        if (!a || !b || a->storedBytes() > kSmall || b->storedBytes() > kSmall) {
            continue;
        }
        if (a->info().dtype != b->info().dtype ||
            !std::equal(a->bytes().begin(), a->bytes().end(), b->bytes().begin(),
                        b->bytes().end())) {
            return false;
        }
        any = true;
    }
    return any;
}

} // namespace syncpoint
