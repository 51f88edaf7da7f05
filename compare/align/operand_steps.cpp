#include "compare/align/linear_chain.h"
#include "compare/align/name_votes.h"
#include "compare/align/op_fit.h"
#include "compare/align/propagation_steps.h"

#include <algorithm>
#include <optional>

namespace syncpoint {
namespace {

bool isControl(const GraphSide &side, NodeId op)
{
    return side.families[op.index()] != nullptr && side.families[op.index()]->name == "control";
}

/// The operands of two ops that are taken to be the same.
class Operands
{
public:
    Operands(const Pairing &pairing, NodeId op, NodeId match)
        : m_pairing(pairing), m_own(pairing.reference.inputs[op.index()]),
          m_other(pairing.candidate.inputs[match.index()]),
          m_isCommutative(pairing.reference.families[op.index()] != nullptr &&
                          pairing.reference.families[op.index()]->commutative),
          m_isLinear(isLinear(pairing.reference.families[op.index()]))
    {
    }

    Conclusions conclude() const
    {
        Conclusions found;
        // A fused residual sum is one more operand of a linear op, after the others.
        if (m_own.size() > kLargestFanOut || (m_own.size() != m_other.size() && !m_isLinear)) {
            return found;
        }
        for (std::size_t i = 0; i < std::min(m_own.size(), m_other.size()); ++i) {
            if (m_isCommutative) {
                if (const auto j = onlyPartner(i)) {
                    found.push_back({m_own[i], m_other[*j], 0.8,
                                     "the only operand of paired operations that fits"});
                }
            } else if (fit(i, i)) {
                found.push_back({m_own[i], m_other[i], 0.8, "same operand of paired operations"});
            }
        }
        return found;
    }

private:
    bool fit(std::size_t i, std::size_t j) const
    {
        if (!m_pairing.canPair(m_own[i], m_other[j])) {
            return false;
        }
        const NodeId from = m_pairing.reference.producer(m_own[i]);
        const NodeId to = m_pairing.candidate.producer(m_other[j]);
        if (!from.isValid() || !to.isValid()) {
            return true; // inputs, or one model is cut off here
        }
        if (m_own.size() == 1 && m_other.size() == 1 &&
            isControl(m_pairing.reference, from) != isControl(m_pairing.candidate, to)) {
            return true; // one model chooses between bodies, the other has one of them
        }
        return opsFit(m_pairing, from, to) &&
               compareOperands(m_pairing, from, to).contradict == 0 &&
               m_pairing.reference.outputSlot(m_own[i]) ==
                   m_pairing.candidate.outputSlot(m_other[j]);
    }

    /// In any order: the operand that fits, if it is the only one in both directions.
    std::optional<std::size_t> onlyPartner(std::size_t i) const
    {
        std::optional<std::size_t> found;
        for (std::size_t j = 0; j < m_other.size(); ++j) {
            if (fit(i, j)) {
                if (found) {
                    return std::nullopt;
                }
                found = j;
            }
        }
        for (std::size_t k = 0; found && k < m_own.size(); ++k) {
            if (k != i && fit(k, *found)) {
                return std::nullopt;
            }
        }
        return found;
    }

    const Pairing &m_pairing;
    const std::vector<ValueClassId> &m_own;
    const std::vector<ValueClassId> &m_other;
    bool m_isCommutative;
    bool m_isLinear;
};

} // namespace

Conclusions operandsOf(const Pairing &pairing, NodeId op, NodeId match)
{
    return Operands(pairing, op, match).conclude();
}

Conclusions followOperands(const Pairing &pairing, ValueClassId r, ValueClassId c)
{
    const NodeId op = pairing.reference.producer(r);
    const NodeId match = pairing.candidate.producer(c);
    if (!op.isValid() || !match.isValid() || !opsFit(pairing, op, match)) {
        return {};
    }
    Conclusions found = operandsOf(pairing, op, match);
    const auto own = pairing.reference.outputs(op);
    const auto other = pairing.candidate.outputs(match);
    for (std::size_t i = 0; own.size() == other.size() && i < own.size(); ++i) {
        found.push_back({own[i], other[i], 0.85, "another result of paired operations"});
    }
    return found;
}

} // namespace syncpoint
