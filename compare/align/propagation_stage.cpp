#include "compare/align/bridges.h"
#include "compare/align/coarse_ops.h"
#include "compare/align/linear_chain.h"
#include "compare/align/name_votes.h"
#include "compare/align/packed_weight.h"
#include "compare/align/stage.h"
#include "compare/align/swallowed_activation.h"

#include <algorithm>
#include <deque>
#include <optional>

namespace syncpoint {
namespace {

/// Values read by more ops than this give no evidence: who reads them says little.
constexpr std::size_t kLargestFanOut = 32;

/// The constant behind an operand, seen through the ops that dequantize or reshape weights.
const Tensor *constantBehind(const Graph &graph, ValueId id)
{
    constexpr int kLongestChain = 8;
    for (int step = 0; step < kLongestChain && id.isValid(); ++step) {
        const Value &value = graph.value(id);
        if (value.constant) {
            return &*value.constant;
        }
        if (!value.producer.isValid() || graph.node(value.producer).inputs.empty()) {
            return nullptr;
        }
        id = graph.node(value.producer).inputs.front();
    }
    return nullptr;
}

/// Elements of the op's largest constant operand, its weight; 0 without one. Single numbers do not
/// count: QLinear ops carry their scales as operands.
std::uint64_t weightElements(const GraphSide &side, NodeId id)
{
    if (const auto packed = packedElements(side.graph.node(id))) {
        return *packed;
    }
    std::uint64_t largest = 0;
    for (const ValueId input : side.graph.node(id).inputs) {
        if (input.isValid() && !side.isData(side.classes.classOf(input))) {
            if (const Tensor *constant = constantBehind(side.graph, input)) {
                largest = std::max(largest, constant->elements());
            }
        }
    }
    return largest > 1 ? largest : 0;
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

bool opsFit(const Pairing &pairing, NodeId r, NodeId c)
{
    const OpFamily *family = pairing.reference.families[r.index()];
    return family != nullptr && family == pairing.candidate.families[c.index()] &&
           pairing.reference.inputs[r.index()].size() ==
               pairing.candidate.inputs[c.index()].size() &&
           !weightsDiffer(pairing, r, c) && sameWeightSize(pairing, r, c);
}

/// Whether the small constants the ops read (indices, scalars, bounds) are there and equal: tells
/// twins such as the slices of one value apart.
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
        if (!a || !b || a->bytes().size() > kSmall || b->bytes().size() > kSmall) {
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

bool isControl(const GraphSide &side, NodeId op)
{
    return side.families[op.index()] != nullptr && side.families[op.index()]->name == "control";
}

/// Carries pairs to the ops around them. Forward: two ops of one family whose operands are all
/// paired with each other make the same value, if no other op fits. Backward: operands of paired
/// ops of one family, slot by slot. Works through a queue of new pairs until nothing changes.
class Propagation
{
public:
    explicit Propagation(Pairing &pairing) : m_pairing(pairing)
    {
        for (const ClassPair &pair : pairing.pairs()) {
            m_queue.emplace_back(pair.reference, pair.candidate);
        }
        for (const auto &[op, match] : pairing.anchoredOps) {
            pairOperands(op, match);
        }
    }

    Result<void> run(const JobContext &job)
    {
        // The finest form first: a coarse op is only looked for where nothing else is left to do.
        // Bridges over inserted and removed ops come last.
        while (!m_queue.empty() || !m_coarseQueue.empty() || !m_bridgeQueue.empty()) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            auto &queue = !m_queue.empty()         ? m_queue
                          : !m_coarseQueue.empty() ? m_coarseQueue
                                                   : m_bridgeQueue;
            const auto [r, c] = queue.front();
            queue.pop_front();
            m_support = supportOf(r);
            if (&queue == &m_queue) {
                forward(r, c);
                backward(r, c);
                m_coarseQueue.emplace_back(r, c);
            } else if (&queue == &m_coarseQueue) {
                coarsen(r, c);
                m_bridgeQueue.emplace_back(r, c);
            } else {
                bridge(r, c);
            }
        }
        return {};
    }

private:
    /// How much can be concluded from a pair. Inputs say little: most networks start alike.
    double supportOf(ValueClassId r) const
    {
        constexpr double kInput = 0.8;
        if (!m_pairing.isReferencePaired(r)) {
            return kInput;
        }
        const double confidence = m_pairing.pairOf(r).match.confidence;
        return m_pairing.reference.producer(r).isValid() ? confidence
                                                         : std::min(confidence, kInput);
    }

    void accept(ValueClassId r, ValueClassId c, double confidence, const char *evidence)
    {
        confidence = std::min(confidence, m_support);
        const auto swallowed = swallowedActivation(m_pairing, r, c);
        m_pairing.pair({swallowed.value_or(r), c, {"propagated", confidence, evidence}, {}, {}});
        m_queue.emplace_back(r, c);
        if (swallowed) {
            m_queue.emplace_back(*swallowed, c);
        }
    }

    /// The only op among `readers` that fits `c` with all operands agreeing; invalid when none or
    /// several do; ops that repeat each other count as one. `fits(reader)` asks the question in the
    /// direction at hand.
    /// Of these, the one that is read by about `useCount` ops that matter.
    template <typename Fits>
    static NodeId onlyFitting(const GraphSide &side, const std::vector<NodeId> &readers,
                              std::size_t useCount, Fits fits)
    {
        const auto distance = [&](NodeId op) {
            const std::size_t count = side.useCount(side.outputs(op).front());
            return std::max(count, useCount) - std::min(count, useCount);
        };
        NodeId found;
        for (const NodeId reader : readers) {
            if (fits(reader)) {
                if (found.isValid() && !side.holdSameNumbers(side.outputs(found).front(),
                                                             side.outputs(reader).front())) {
                    return {};
                }
                found = found.isValid() && distance(found) <= distance(reader) ? found : reader;
            }
        }
        return found;
    }

    bool operandsAgree(NodeId r, NodeId c) const
    {
        const std::size_t count = m_pairing.reference.inputs[r.index()].size();
        return count > 0 && opsFit(m_pairing, r, c) &&
               compareOperands(m_pairing, r, c).agree == count && outputsFree(r, c);
    }

    bool outputsFree(NodeId r, NodeId c) const
    {
        const auto own = m_pairing.reference.outputs(r);
        const auto other = m_pairing.candidate.outputs(c);
        if (own.empty() || own.size() != other.size()) {
            return false;
        }
        for (std::size_t i = 0; i < own.size(); ++i) {
            if (!m_pairing.canPair(own[i], other[i])) {
                return false;
            }
        }
        return true;
    }

    void forward(ValueClassId r, ValueClassId c)
    {
        const auto own = m_pairing.reference.readers(r);
        const auto other = m_pairing.candidate.readers(c);
        if (own.size() > kLargestFanOut || other.size() > kLargestFanOut) {
            return;
        }
        pairReaders(own, other, [&](NodeId op, NodeId twin) { return operandsAgree(op, twin); });
        pairReaders(own, other, [&](NodeId op, NodeId twin) {
            return operandsAgree(op, twin) && sameSmallConstants(m_pairing, op, twin);
        });
    }

    template <typename Agree>
    void pairReaders(const std::vector<NodeId> &own, const std::vector<NodeId> &other, Agree agree)
    {
        for (const NodeId op : own) {
            const auto results = m_pairing.reference.outputs(op);
            if (results.empty()) {
                continue;
            }
            const NodeId match = onlyFitting(m_pairing.candidate, other,
                                             m_pairing.reference.useCount(results.front()),
                                             [&](NodeId reader) { return agree(op, reader); });
            if (!match.isValid()) {
                continue;
            }
            const NodeId back = onlyFitting(
                m_pairing.reference, own,
                m_pairing.candidate.useCount(m_pairing.candidate.outputs(match).front()),
                [&](NodeId reader) { return agree(reader, match); });
            if (back == op) {
                acceptOps(op, match, 0.85, "same operation on paired operands");
            }
        }
    }

    /// Pairs the results of two ops of one family; after linear ops whose weights could not be
    /// compared, what includes the same.
    void acceptOps(NodeId op, NodeId match, double confidence, const char *evidence)
    {
        const bool isKnown =
            !m_pairing.referenceWeights.empty() && m_pairing.referenceWeights[op.index()] != 0;
        if (isLinear(m_pairing.reference.families[op.index()]) && !isKnown &&
            (weightElements(m_pairing.reference, op) > 0 ||
             isIntegerProduct(m_pairing.reference.graph.node(op)) !=
                 isIntegerProduct(m_pairing.candidate.graph.node(match)))) {
            for (const auto &[r, c] :
                 equalSteps(m_pairing.reference, op, m_pairing.candidate, match, true)) {
                if (m_pairing.canPair(r, c)) {
                    accept(r, c, confidence, evidence);
                }
            }
            return;
        }
        const auto outputs = m_pairing.reference.outputs(op);
        const auto partners = m_pairing.candidate.outputs(match);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            accept(outputs[i], partners[i], confidence, evidence);
        }
    }

    /// Ops after a pair that are one op on one side and several on the other.
    void coarsen(ValueClassId r, ValueClassId c)
    {
        const auto &own = m_pairing.reference.consumers[r.index()];
        const auto &other = m_pairing.candidate.consumers[c.index()];
        if (own.size() > kLargestFanOut || other.size() > kLargestFanOut) {
            return;
        }
        for (const NodeId op : other) {
            const auto found = writtenOut(
                m_pairing.candidate, op, m_pairing.reference,
                [&](ValueClassId id) { return m_pairing.partnerOfCandidate(id); },
                [&](ValueClassId id) { return !m_pairing.isReferencePaired(id); });
            if (found) {
                acceptRegion(found->exit, m_pairing.candidate.outputs(op).front());
                for (const auto &[coarse, fine] : found->others) {
                    acceptRegion(fine, coarse);
                }
            }
        }
        for (const NodeId op : own) {
            const auto found = writtenOut(
                m_pairing.reference, op, m_pairing.candidate,
                [&](ValueClassId id) { return m_pairing.partnerOfReference(id); },
                [&](ValueClassId id) { return !m_pairing.isCandidatePaired(id); });
            if (found) {
                acceptRegion(m_pairing.reference.outputs(op).front(), found->exit);
                for (const auto &[coarse, fine] : found->others) {
                    acceptRegion(coarse, fine);
                }
            }
        }
    }

    /// Ops that fit each other but for inserted, removed or replaced ops before them.
    void bridge(ValueClassId r, ValueClassId c)
    {
        const auto own = openOps(m_pairing.reference, reachable(m_pairing, true, r),
                                 [&](ValueClassId id) { return m_pairing.isReferencePaired(id); });
        const auto other =
            openOps(m_pairing.candidate, reachable(m_pairing, false, c),
                    [&](ValueClassId id) { return m_pairing.isCandidatePaired(id); });
        if (own.size() > kLargestFanOut || other.size() > kLargestFanOut) {
            return;
        }
        const auto distance = [&](NodeId op, NodeId twin) -> std::size_t {
            if (!opsFit(m_pairing, op, twin) || !outputsFree(op, twin) ||
                !followsAlike(m_pairing, m_pairing.reference.outputs(op).front(),
                              m_pairing.candidate.outputs(twin).front())) {
                return SIZE_MAX;
            }
            return skippedBefore(m_pairing, op, twin).value_or(SIZE_MAX);
        };
        for (const NodeId op : own) {
            const NodeId twin =
                onlyNearest(other, [&](NodeId reader) { return distance(op, reader); });
            if (twin.isValid() &&
                onlyNearest(own, [&](NodeId reader) { return distance(reader, twin); }) == op) {
                acceptOps(op, twin, 0.7, "same operation after an inserted or removed one");
            }
        }
    }

    template <typename IsPaired>
    static std::vector<NodeId> openOps(const GraphSide &side,
                                       const std::vector<ValueClassId> &values, IsPaired isPaired)
    {
        std::vector<NodeId> ops;
        for (const ValueClassId value : values) {
            for (const NodeId reader : side.readers(value)) {
                const auto outputs = side.outputs(reader);
                if (!outputs.empty() && !isPaired(outputs.front())) {
                    ops.push_back(reader);
                }
            }
        }
        std::sort(ops.begin(), ops.end());
        ops.erase(std::unique(ops.begin(), ops.end()), ops.end());
        return ops;
    }

    /// The op at the smallest distance; invalid when none is near or two are equally near.
    template <typename Distance>
    static NodeId onlyNearest(const std::vector<NodeId> &ops, Distance distance)
    {
        NodeId nearest;
        std::size_t least = SIZE_MAX;
        for (const NodeId op : ops) {
            const std::size_t found = distance(op);
            if (found < least) {
                least = found;
                nearest = op;
            } else if (found == least) {
                nearest = NodeId{};
            }
        }
        return nearest;
    }

    template <typename Partner, typename IsFree>
    static std::optional<CoarseMatch> writtenOut(const GraphSide &coarse, NodeId op,
                                                 const GraphSide &fine, Partner partner,
                                                 IsFree isFree)
    {
        if (!isCoarse(coarse.families[op.index()])) {
            return std::nullopt;
        }
        const auto outputs = coarse.outputs(op);
        std::vector<ValueClassId> entries;
        for (const ValueClassId input : coarse.inputs[op.index()]) {
            entries.push_back(partner(input));
            if (!entries.back().isValid()) {
                return std::nullopt;
            }
        }
        if (outputs.empty() || partner(outputs.front()).isValid()) {
            return std::nullopt;
        }
        return findWrittenOut(coarse, op, fine, std::move(entries), isFree);
    }

    void acceptRegion(ValueClassId r, ValueClassId c)
    {
        if (m_pairing.canPair(r, c)) {
            accept(r, c, 0.8, "one operation here is several there, on paired operands");
        }
    }

    void backward(ValueClassId r, ValueClassId c)
    {
        const NodeId op = m_pairing.reference.producer(r);
        const NodeId match = m_pairing.candidate.producer(c);
        if (op.isValid() && match.isValid() && opsFit(m_pairing, op, match)) {
            pairSiblings(op, match);
            pairOperands(op, match);
        }
    }

    /// The other results of two paired ops.
    void pairSiblings(NodeId op, NodeId match)
    {
        const auto own = m_pairing.reference.outputs(op);
        const auto other = m_pairing.candidate.outputs(match);
        for (std::size_t i = 0; own.size() == other.size() && i < own.size(); ++i) {
            if (m_pairing.canPair(own[i], other[i])) {
                accept(own[i], other[i], 0.85, "another result of paired operations");
            }
        }
    }

    void pairOperands(NodeId op, NodeId match)
    {
        const auto &own = m_pairing.reference.inputs[op.index()];
        const auto &other = m_pairing.candidate.inputs[match.index()];
        const auto isFreePair = [&](std::size_t i, std::size_t j) {
            if (!m_pairing.reference.isComputed(own[i]) ||
                !m_pairing.candidate.isComputed(other[j]) || !m_pairing.canPair(own[i], other[j])) {
                return false;
            }
            const NodeId from = m_pairing.reference.producer(own[i]);
            const NodeId to = m_pairing.candidate.producer(other[j]);
            if (own.size() == 1 && other.size() == 1 &&
                isControl(m_pairing.reference, from) != isControl(m_pairing.candidate, to)) {
                return true; // one model chooses between bodies, the other has one of them
            }
            return opsFit(m_pairing, from, to) &&
                   compareOperands(m_pairing, from, to).contradict == 0 &&
                   m_pairing.reference.outputSlot(own[i]) ==
                       m_pairing.candidate.outputSlot(other[j]);
        };
        // A fused residual sum is one more operand of a linear op, after the others.
        const std::size_t count = std::min(own.size(), other.size());
        if (own.size() > kLargestFanOut ||
            (own.size() != other.size() && !isLinear(m_pairing.reference.families[op.index()]))) {
            return;
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (m_pairing.reference.families[op.index()]->commutative) {
                acceptOnlyPartner(own, other, i, isFreePair);
            } else if (isFreePair(i, i)) {
                accept(own[i], other[i], 0.8, "same operand of paired operations");
            }
        }
    }

    /// In any order: accepts when exactly one operand fits, in both directions.
    template <typename Fits>
    void acceptOnlyPartner(const std::vector<ValueClassId> &own,
                           const std::vector<ValueClassId> &other, std::size_t i, Fits fits)
    {
        std::optional<std::size_t> found;
        for (std::size_t j = 0; j < other.size(); ++j) {
            if (fits(i, j)) {
                if (found) {
                    return;
                }
                found = j;
            }
        }
        if (!found) {
            return;
        }
        for (std::size_t k = 0; k < own.size(); ++k) {
            if (k != i && fits(k, *found)) {
                return;
            }
        }
        accept(own[i], other[*found], 0.8, "the only operand of paired operations that fits");
    }

    Pairing &m_pairing;
    double m_support = 1.0; ///< confidence of what the next pairs are concluded from
    std::deque<std::pair<ValueClassId, ValueClassId>> m_queue;
    std::deque<std::pair<ValueClassId, ValueClassId>> m_coarseQueue;
    std::deque<std::pair<ValueClassId, ValueClassId>> m_bridgeQueue;
};

class PropagationStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "propagation"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &job) const override
    {
        return Propagation(pairing).run(job);
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makePropagationStage()
{
    return std::make_unique<PropagationStage>();
}

} // namespace syncpoint
