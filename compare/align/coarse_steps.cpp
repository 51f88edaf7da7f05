#include "compare/align/coarse_ops.h"
#include "compare/align/propagation_steps.h"

#include <functional>
#include <optional>

namespace syncpoint {
namespace {

/// One op of `coarse` that several of `fine` stand for; `partner` and `isFree` lead from the first
/// to the second.
std::optional<CoarseMatch> writtenOut(const GraphSide &coarse, NodeId op, const GraphSide &fine,
                                      const std::function<ValueClassId(ValueClassId)> &partner,
                                      const std::function<bool(ValueClassId)> &isFree)
{
    const auto outputs = coarse.outputs(op);
    if (!isCoarse(coarse.families[op.index()]) || outputs.empty() ||
        partner(outputs.front()).isValid()) {
        return std::nullopt;
    }
    std::vector<ValueClassId> entries;
    for (const ValueClassId input : coarse.inputs[op.index()]) {
        entries.push_back(partner(input));
        if (!entries.back().isValid()) {
            return std::nullopt;
        }
    }
    return findWrittenOut(coarse, op, fine, std::move(entries), isFree);
}

} // namespace

Conclusions followWrittenOut(const Pairing &pairing, ValueClassId r, ValueClassId c)
{
    constexpr double kConfidence = 0.8;
    constexpr const char *kEvidence = "one operation here is several there, on paired operands";
    const auto &own = pairing.reference.consumers[r.index()];
    const auto &other = pairing.candidate.consumers[c.index()];
    Conclusions found;
    if (own.size() > kLargestFanOut || other.size() > kLargestFanOut) {
        return found;
    }
    for (const NodeId op : other) {
        const auto match = writtenOut(
            pairing.candidate, op, pairing.reference,
            [&](ValueClassId id) { return pairing.partnerOfCandidate(id); },
            [&](ValueClassId id) { return !pairing.isReferencePaired(id); });
        if (match) {
            const ValueClassId made = pairing.candidate.outputs(op).front();
            found.push_back({match->exit, made, kConfidence, kEvidence});
            for (const auto &[coarse, fine] : match->others) {
                found.push_back({fine, coarse, kConfidence, kEvidence});
            }
        }
    }
    for (const NodeId op : own) {
        const auto match = writtenOut(
            pairing.reference, op, pairing.candidate,
            [&](ValueClassId id) { return pairing.partnerOfReference(id); },
            [&](ValueClassId id) { return !pairing.isCandidatePaired(id); });
        if (match) {
            const ValueClassId made = pairing.reference.outputs(op).front();
            found.push_back({made, match->exit, kConfidence, kEvidence});
            for (const auto &[coarse, fine] : match->others) {
                found.push_back({coarse, fine, kConfidence, kEvidence});
            }
        }
    }
    return found;
}

} // namespace syncpoint
