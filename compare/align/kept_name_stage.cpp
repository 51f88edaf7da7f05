#include "compare/align/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

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

/// Whether the class's numbers cannot be negative because its quantizer puts zero at the lowest
/// integer: a Relu that was there before needs no op of its own.
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

bool isOneOf(const OpFamily *family, std::initializer_list<std::string_view> names)
{
    return family != nullptr && std::find(names.begin(), names.end(), family->name) != names.end();
}

/// A kept name can lie. The QOperator quantizer drops a Relu or Clip, because the range does it,
/// and keeps the convolution's output name; batch-norm folding keeps it as well. The tensor is then
/// the activation's or the normalisation's, and the pair belongs there.
class KeptNameStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "kept_name"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &) const override
    {
        for (const ClassPair &pair : pairing.pairs()) {
            if (pair.match.rule == "manual" ||
                !pairing.reference.producer(pair.reference).isValid()) {
                continue;
            }
            ClassPair moved = pair;
            while (const auto next = swallowedBy(pairing, moved)) {
                pairing.unpair(moved.reference);
                const Node &kept =
                    pairing.reference.graph.node(pairing.reference.producer(moved.reference));
                const Node &swallowed =
                    pairing.reference.graph.node(pairing.reference.producer(*next));
                moved.reference = *next;
                moved.match = {"name_rule", 0.95,
                               fmt::format("the name is the {}'s, but the candidate has no {}: "
                                           "the tensor already is the {}'s",
                                           kept.opType, swallowed.opType, swallowed.opType)};
                pairing.pair(moved);
            }
        }
        return {};
    }

private:
    /// The output of the op that follows on the baseline only and is part of the candidate's op.
    static std::optional<ValueClassId> swallowedBy(const Pairing &pairing, const ClassPair &pair)
    {
        const GraphSide &side = pairing.reference;
        const auto &readers = side.consumers[pair.reference.index()];
        if (readers.size() != 1 || side.isOutput[pair.reference.index()] ||
            side.family(pair.reference) == side.families[readers.front().index()]) {
            return std::nullopt;
        }
        const OpFamily *next = side.families[readers.front().index()];
        const bool isActivation = isOneOf(next, {"relu", "clip"});
        if (!isActivation && !isOneOf(next, {"batch_norm"})) {
            return std::nullopt;
        }
        const auto outputs = side.outputs(readers.front());
        if (outputs.empty() || pairing.isReferencePaired(outputs.front())) {
            return std::nullopt;
        }
        const GraphSide &other = pairing.candidate;
        for (const NodeId reader : other.consumers[pair.candidate.index()]) {
            if (other.families[reader.index()] == next) {
                return std::nullopt; // it is still there, only renamed
            }
        }
        if (isActivation && !startsAtZero(other, pair.candidate)) {
            return std::nullopt;
        }
        return outputs.front();
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeKeptNameStage()
{
    return std::make_unique<KeptNameStage>();
}

} // namespace syncpoint
