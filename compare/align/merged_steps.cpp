#include "compare/align/linear_chain.h"
#include "compare/align/propagation_steps.h"
#include "compare/align/weight_matching.h"

#include <algorithm>
#include <optional>

namespace syncpoint {
namespace {

/// A product whose result is only split: several products in one.
struct Merged
{
    NodeId op;
    bool hasBias = false; ///< added before the split
    std::vector<ValueClassId> parts;
};

std::optional<Merged> mergedAt(const GraphSide &side, NodeId op)
{
    if (!isLinear(side.families[op.index()])) {
        return std::nullopt;
    }
    for (const ChainStep &step : linearChain(side, op)) {
        const auto readers = side.liveReaders(step.value);
        if (readers.size() != 1 || !step.activation.empty() || step.isNormalized || step.hasSum) {
            continue;
        }
        const OpFamily *family = side.families[readers.front().index()];
        if (family != nullptr && family->name == "split") {
            return Merged{op, step.hasBias, side.outputs(readers.front())};
        }
    }
    return std::nullopt;
}

/// What one of the products makes, with or without its bias.
ValueClassId resultOf(const GraphSide &side, NodeId op, bool hasBias)
{
    for (const ChainStep &step : linearChain(side, op)) {
        if (step.hasBias == hasBias && !step.isNormalized && !step.hasSum &&
            step.activation.empty()) {
            return step.value;
        }
    }
    return {};
}

/// The only op among `ops` that reads these channels of the weight; invalid without one.
NodeId readerOfChannels(const GraphSide &side, const std::vector<NodeId> &ops,
                        const WeightOperand &whole, std::uint64_t first, std::uint64_t count)
{
    constexpr double kAlike = 0.05; // 4 bits cost up to 0.02
    const auto stretch = whole.sampleChannels(first, count);
    NodeId found;
    for (const NodeId op : ops) {
        const auto operand = WeightOperand::of(side, op);
        const auto sample = operand ? operand->sample() : std::nullopt;
        if (stretch && sample && sample->isMatrix && sample->extents == stretch->extents &&
            weightDistance(*stretch, *sample) <= kAlike) {
            if (found.isValid()) {
                return {};
            }
            found = op;
        }
    }
    return found;
}

/// Pairs of a part and the product that it is; `merged` and `single` name the sides.
std::vector<std::pair<ValueClassId, ValueClassId>> partsOf(const GraphSide &merged,
                                                           const Merged &what,
                                                           const GraphSide &single,
                                                           const std::vector<NodeId> &ops)
{
    std::vector<std::pair<ValueClassId, ValueClassId>> found;
    const auto whole = WeightOperand::of(merged, what.op);
    const auto channels = whole ? whole->extents().front() : 0;
    const auto count = static_cast<std::int64_t>(what.parts.size());
    if (count < 2 || channels % count != 0) {
        return found;
    }
    const auto each = static_cast<std::uint64_t>(channels / count);
    for (std::size_t i = 0; i < what.parts.size(); ++i) {
        const NodeId op = readerOfChannels(single, ops, *whole, i * each, each);
        const ValueClassId made =
            op.isValid() ? resultOf(single, op, what.hasBias) : ValueClassId{};
        if (made.isValid()) {
            found.emplace_back(what.parts[i], made);
        }
    }
    return found;
}

std::vector<NodeId> linearReaders(const GraphSide &side, ValueClassId value)
{
    std::vector<NodeId> ops;
    for (const NodeId reader : side.consumers[value.index()]) {
        if (isLinear(side.families[reader.index()])) {
            ops.push_back(reader);
        }
    }
    return ops.size() > kLargestFanOut ? std::vector<NodeId>{} : ops;
}

} // namespace

Conclusions followMerged(const Pairing &pairing, ValueClassId r, ValueClassId c)
{
    constexpr double kConfidence = 0.85;
    constexpr const char *kEvidence = "part of a product that is several products there";
    const auto own = linearReaders(pairing.reference, r);
    const auto other = linearReaders(pairing.candidate, c);
    Conclusions found;
    if (own.size() < other.size()) {
        for (const NodeId op : own) {
            if (const auto merged = mergedAt(pairing.reference, op)) {
                for (const auto &[part, single] :
                     partsOf(pairing.reference, *merged, pairing.candidate, other)) {
                    found.push_back({part, single, kConfidence, kEvidence});
                }
            }
        }
    } else if (other.size() < own.size()) {
        for (const NodeId op : other) {
            if (const auto merged = mergedAt(pairing.candidate, op)) {
                for (const auto &[part, single] :
                     partsOf(pairing.candidate, *merged, pairing.reference, own)) {
                    found.push_back({single, part, kConfidence, kEvidence});
                }
            }
        }
    }
    return found;
}

} // namespace syncpoint
