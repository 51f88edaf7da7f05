#pragma once
#include "compare/align/captured_values.h"
#include "compare/align/graph_side.h"
#include "compare/align/linear_chain.h"
#include "compare/align/sync_point.h"
#include "core/base/diagnostic.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace syncpoint {

/// Two classes that are taken to hold the same numbers.
struct ClassPair
{
    ValueClassId reference;
    ValueClassId candidate;
    Match match;
    /// The members the user pinned; invalid: chosen by chooseMembers().
    ValueId pinnedReference;
    ValueId pinnedCandidate;
};

/// What all aligners work on: both sides, and the pairs found so far. A class is in at most one
/// pair.
class Pairing
{
public:
    Pairing(const Graph &baseline, const Graph &candidateGraph, CapturedValues captured = {})
        : reference(baseline), candidate(candidateGraph), values(std::move(captured)),
          m_partnerOfReference(reference.classCount()), m_partnerOfCandidate(candidate.classCount())
    {
    }

    const GraphSide reference;
    const GraphSide candidate;
    const CapturedValues values;
    /// Baseline names after the user's renames; index = ValueId.
    std::vector<std::string> referenceNames;
    /// By NodeId: the number, from 1, of the weight that both models hold and the op reads; 0 when
    /// none was found. Empty until weights are matched.
    std::vector<std::uint32_t> referenceWeights;
    std::vector<std::uint32_t> candidateWeights;
    std::vector<Rescaling> rescaledWeights; ///< by such a number
    /// Ops that both read one such weight and nothing else reads it: one op, whatever else is fused
    /// into either.
    std::vector<std::pair<NodeId, NodeId>> anchoredOps;
    /// Channels per block where the candidate works in channel blocks; 0 when its weights did not
    /// tell.
    std::size_t candidateBlock = 0;
    /// How many of pairs() propagation has seen.
    std::size_t propagated = 0;
    Diagnostics diagnostics;
    std::uint32_t violations = 0; ///< pairs dropped because they contradict the order of execution

    void forbid(ValueClassId r, ValueClassId c) { m_forbidden.emplace(r, c); }
    /// Whether nothing speaks against the pair: both free Data classes, not forbidden, inputs with
    /// inputs, families that can share an exit, equal element counts where known.
    bool canPair(ValueClassId r, ValueClassId c) const;
    /// canPair() without asking whether the classes are still free.
    bool fits(ValueClassId r, ValueClassId c) const;
    /// Joins two free classes.
    void pair(ClassPair pair);
    /// Drops a pair again.
    void unpair(ValueClassId r);

    bool isReferencePaired(ValueClassId r) const { return partnerOfReference(r).isValid(); }
    bool isCandidatePaired(ValueClassId c) const { return partnerOfCandidate(c).isValid(); }
    ValueClassId partnerOfReference(ValueClassId r) const
    {
        return m_partnerOfReference[r.index()].second;
    }
    ValueClassId partnerOfCandidate(ValueClassId c) const
    {
        return m_partnerOfCandidate[c.index()];
    }
    /// Whether the classes are paired with each other, or repeat two that are.
    bool agree(ValueClassId r, ValueClassId c) const;
    const ClassPair &pairOf(ValueClassId r) const
    {
        return *m_pairs[m_partnerOfReference[r.index()].first];
    }
    /// Every pair in the order it was found; the classes of dropped ones are skipped.
    std::vector<ClassPair> pairs() const;

private:
    std::vector<std::optional<ClassPair>> m_pairs;
    std::vector<std::pair<std::size_t, ValueClassId>> m_partnerOfReference; ///< index into m_pairs
    std::vector<ValueClassId> m_partnerOfCandidate;
    std::set<std::pair<ValueClassId, ValueClassId>> m_forbidden;
};

} // namespace syncpoint
