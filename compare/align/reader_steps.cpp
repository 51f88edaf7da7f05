#include "compare/align/linear_chain.h"
#include "compare/align/name_votes.h"
#include "compare/align/op_fit.h"
#include "compare/align/propagation_steps.h"

#include <algorithm>

namespace syncpoint {
namespace {

/// The only op among `readers` that fits, in the direction of `fits(reader)`; invalid when none or
/// several do. Ops that repeat each other count as one: of these, the one that is read by about
/// `useCount` ops that matter.
template <typename Fits>
NodeId onlyFitting(const GraphSide &side, const std::vector<NodeId> &readers, std::size_t useCount,
                   Fits fits)
{
    const auto distance = [&](NodeId op) {
        const std::size_t count = side.useCount(side.outputs(op).front());
        return std::max(count, useCount) - std::min(count, useCount);
    };
    NodeId found;
    for (const NodeId reader : readers) {
        if (fits(reader)) {
            if (found.isValid() &&
                !side.holdSameNumbers(side.outputs(found).front(), side.outputs(reader).front())) {
                return {};
            }
            found = found.isValid() && distance(found) <= distance(reader) ? found : reader;
        }
    }
    return found;
}

bool operandsAgree(const Pairing &pairing, NodeId r, NodeId c)
{
    const auto &own = pairing.reference.inputs[r.index()];
    const auto &other = pairing.candidate.inputs[c.index()];
    if (own.empty() || other.empty() || !opsFit(pairing, r, c)) {
        return false;
    }
    const bool agree = own.size() == other.size()
                           ? compareOperands(pairing, r, c).agree == own.size()
                           : pairing.agree(own.front(), other.front()); // x·x and x²
    return agree && outputsFree(pairing, r, c);
}

template <typename Agree>
Conclusions readersThat(const Pairing &pairing, ValueClassId r, ValueClassId c, Agree agree)
{
    const auto own = pairing.reference.readers(r);
    const auto other = pairing.candidate.readers(c);
    if (own.size() > kLargestFanOut || other.size() > kLargestFanOut) {
        return {};
    }
    Conclusions found;
    for (const NodeId op : own) {
        const auto results = pairing.reference.outputs(op);
        if (results.empty()) {
            continue;
        }
        const NodeId match =
            onlyFitting(pairing.candidate, other, pairing.reference.useCount(results.front()),
                        [&](NodeId reader) { return agree(op, reader); });
        if (!match.isValid()) {
            continue;
        }
        const auto useCount = pairing.candidate.useCount(pairing.candidate.outputs(match).front());
        if (onlyFitting(pairing.reference, own, useCount,
                        [&](NodeId reader) { return agree(reader, match); }) == op) {
            const auto made =
                resultsOf(pairing, op, match, 0.85, "same operation on paired operands");
            found.insert(found.end(), made.begin(), made.end());
        }
    }
    return found;
}

} // namespace

bool outputsFree(const Pairing &pairing, NodeId r, NodeId c)
{
    const auto own = pairing.reference.outputs(r);
    const auto other = pairing.candidate.outputs(c);
    return !own.empty() && own.size() == other.size() &&
           std::equal(own.begin(), own.end(), other.begin(),
                      [&](ValueClassId a, ValueClassId b) { return pairing.canPair(a, b); });
}

Conclusions resultsOf(const Pairing &pairing, NodeId op, NodeId match, double confidence,
                      const char *evidence)
{
    Conclusions found;
    const bool isUnscaled = isIntegerProduct(pairing.reference.graph.node(op)) !=
                            isIntegerProduct(pairing.candidate.graph.node(match));
    if (isLinear(pairing.reference.families[op.index()]) &&
        (weightElements(pairing.reference, op) > 0 || isUnscaled)) {
        const auto number =
            pairing.referenceWeights.empty() ? 0U : pairing.referenceWeights[op.index()];
        const Rescaling rescaling =
            number == 0 ? Rescaling::Unknown : pairing.rescaledWeights[number];
        for (const auto &[r, c] :
             equalSteps(pairing.reference, op, pairing.candidate, match, rescaling)) {
            found.push_back({r, c, confidence, evidence});
        }
        return found;
    }
    const auto own = pairing.reference.outputs(op);
    const auto other = pairing.candidate.outputs(match);
    for (std::size_t i = 0; i < std::min(own.size(), other.size()); ++i) {
        found.push_back({own[i], other[i], confidence, evidence});
    }
    return found;
}

Conclusions followReaders(const Pairing &pairing, ValueClassId r, ValueClassId c)
{
    return readersThat(pairing, r, c,
                       [&](NodeId op, NodeId twin) { return operandsAgree(pairing, op, twin); });
}

Conclusions followReadersByConstants(const Pairing &pairing, ValueClassId r, ValueClassId c)
{
    return readersThat(pairing, r, c, [&](NodeId op, NodeId twin) {
        return operandsAgree(pairing, op, twin) && sameSmallConstants(pairing, op, twin);
    });
}

} // namespace syncpoint
