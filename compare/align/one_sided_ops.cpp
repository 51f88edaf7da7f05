#include "compare/align/one_sided_ops.h"
#include "compare/align/op_fit.h"
#include "compare/align/other_branches.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

namespace syncpoint {
namespace {

constexpr std::size_t kLongestChain = 64; ///< ops between a value and the paired ones before it
constexpr std::size_t kMostOperands = 256;
constexpr int kDeepestBranch = 8;

/// Either side's view of the other.
class Proof
{
public:
    Proof(const Pairing &pairing, bool isReference, const OpenValues &open)
        : m_pairing(pairing), m_isReference(isReference),
          m_own(isReference ? pairing.reference : pairing.candidate),
          m_other(isReference ? pairing.candidate : pairing.reference),
          m_isOpen(isReference ? open.reference : open.candidate),
          m_isUntaken(otherBranches(pairing, !isReference)), m_reasons(m_own.classCount())
    {
        const auto &left = isReference ? open.candidate : open.reference;
        for (std::size_t i = 0; i < left.size(); ++i) {
            if (left[i]) {
                const NodeId op = m_other.producer(ValueClassId{i});
                m_left[kindOf(m_other, op)].push_back(op);
            }
        }
    }

    /// Backwards, so that what reads a value is decided before it.
    std::vector<std::string> run() &&
    {
        for (std::size_t i = m_reasons.size(); i-- > 0;) {
            const ValueClassId id{i};
            if (!m_isOpen[i] || !m_own.graph.node(m_own.producer(id)).bodies.empty()) {
                continue;
            }
            std::string reason = reasonFor(id);
            if (!reason.empty() && !mayHaveMoved(m_own.producer(id))) {
                m_reasons[i] = std::move(reason);
            }
        }
        return std::move(m_reasons);
    }

private:
    ValueClassId partner(ValueClassId own) const
    {
        return m_isReference ? m_pairing.partnerOfReference(own)
                             : m_pairing.partnerOfCandidate(own);
    }
    /// Whether a value is paired with more confidence than models have that share next to nothing.
    bool isSure(ValueClassId own) const
    {
        constexpr double kDoubtful = 0.5;
        return partner(own).isValid() &&
               m_pairing.pairOf(m_isReference ? own : partner(own)).match.confidence > kDoubtful;
    }
    bool agree(ValueClassId own, ValueClassId other) const
    {
        return m_isReference ? m_pairing.agree(own, other) : m_pairing.agree(other, own);
    }
    bool fit(NodeId own, NodeId other) const
    {
        return m_isReference ? opsFit(m_pairing, own, other) : opsFit(m_pairing, other, own);
    }
    static std::string_view kindOf(const GraphSide &side, NodeId op)
    {
        const OpFamily *family = side.families[op.index()];
        return family != nullptr ? family->name : std::string_view(side.graph.node(op).opType);
    }

    /// Whether an op that the other model has left over could be this one in another place.
    bool mayHaveMoved(NodeId op) const
    {
        constexpr std::size_t kMany = 64; // a gap: not worth looking into
        const auto left = m_left.find(kindOf(m_own, op));
        return left != m_left.end() && (left->second.size() > kMany ||
                                        std::any_of(left->second.begin(), left->second.end(),
                                                    [&](NodeId other) { return fit(op, other); }));
    }

    std::string reasonFor(ValueClassId id) const
    {
        std::optional<ValueClassId> instead; // what the other model reads in its place
        std::string reason;
        if (m_own.isOutput[id.index()]) {
            instead = handedOutInstead(id);
            if (!instead) {
                return {};
            }
            reason = sentence(*instead, "returns");
        }
        for (const NodeId reader : m_own.liveReaders(id)) {
            if (const std::string &known = reasonOf(reader); !known.empty()) {
                reason = reason.empty() ? known : reason;
                continue;
            }
            const auto found = readInstead(reader, id);
            if (!found || (instead && !m_other.holdSameNumbers(*instead, *found))) {
                return {};
            }
            instead = found;
            reason = sentence(*found, "reads");
        }
        return instead && (!isMadeFrom(id, *instead) || isSameAsMakerOf(id, *instead))
                   ? std::string()
                   : reason;
    }

    /// Of two equal ops in a row either may be the one that was added.
    bool isSameAsMakerOf(ValueClassId value, ValueClassId instead) const
    {
        const NodeId maker = m_other.producer(instead);
        return maker.isValid() && fit(m_own.producer(value), maker);
    }

    std::string sentence(ValueClassId instead, std::string_view verb) const
    {
        const std::string name = m_other.graph.qualifiedName(m_other.classes[instead].root());
        return m_isReference ? fmt::format("left out: the candidate {} {} directly", verb, name)
                             : fmt::format("inserted: the baseline {} {} directly", verb, name);
    }

    /// The reason of an op, all of whose results that somebody uses have one.
    const std::string &reasonOf(NodeId op) const
    {
        static const std::string kNone;
        const std::string *reason = &kNone;
        for (const ValueClassId made : m_own.outputs(op)) {
            const bool isUnread = m_own.consumers[made.index()].empty() &&
                                  !m_own.isOutput[made.index()] && !partner(made).isValid();
            if (!isUnread && m_reasons[made.index()].empty()) {
                return kNone;
            }
            reason = isUnread ? reason : &m_reasons[made.index()];
        }
        return *reason;
    }

    /// What the counterparts of an op read where it reads `value`; nothing unless it has some and
    /// all of them tell.
    std::optional<ValueClassId> readInstead(NodeId op, ValueClassId value) const
    {
        std::optional<ValueClassId> result;
        for (const ValueClassId made : m_own.outputs(op)) {
            if (!partner(made).isValid()) {
                continue;
            }
            std::vector<NodeId> makers;
            if (!isSure(made) || !addMakers(partner(made), kDeepestBranch, makers)) {
                return std::nullopt;
            }
            for (const NodeId maker : makers) {
                const auto found = operandInstead(op, maker, value);
                if (!found || fit(m_own.producer(value), maker) ||
                    (result && !m_other.holdSameNumbers(*result, *found))) {
                    return std::nullopt;
                }
                result = found;
            }
        }
        return result;
    }

    /// The ops of the other model that make a value: of an If those in every branch that may be
    /// taken.
    bool addMakers(ValueClassId made, int depth, std::vector<NodeId> &makers) const
    {
        const NodeId op = m_other.producer(made);
        if (!op.isValid() || !m_other.isData(made) || depth == 0) {
            return false;
        }
        const Node &node = m_other.graph.node(op);
        if (node.opType != "If") {
            makers.push_back(op);
            return true;
        }
        const std::size_t slot = m_other.outputSlot(made);
        return std::all_of(node.bodies.begin(), node.bodies.end(), [&](ScopeId body) {
            const auto &yielded = m_other.graph.scope(body).outputs;
            return m_isUntaken[body.index()] ||
                   (slot < yielded.size() && yielded[slot].isValid() &&
                    addMakers(m_other.classes.classOf(yielded[slot]), depth - 1, makers));
        });
    }

    /// What `other` reads in the place of `value`, if it is the same op as `own` and nothing it
    /// reads besides contradicts that.
    std::optional<ValueClassId> operandInstead(NodeId own, NodeId other, ValueClassId value) const
    {
        const auto &read = m_own.inputs[own.index()];
        std::vector<ValueClassId> there = m_other.inputs[other.index()];
        const OpFamily *family = m_own.families[own.index()];
        if (read.size() != there.size() || read.size() > kMostOperands || !fit(own, other)) {
            return std::nullopt;
        }
        if (family != nullptr && family->commutative) {
            for (const ValueClassId operand : read) {
                const auto found = operand == value
                                       ? there.end()
                                       : std::find_if(there.begin(), there.end(),
                                                      [&](auto id) { return agree(operand, id); });
                if (found != there.end()) {
                    there.erase(found);
                } else if (operand != value) {
                    return std::nullopt; // either could stand for the value
                }
            }
            return allTheSame(there);
        }
        std::vector<ValueClassId> places;
        for (std::size_t i = 0; i < read.size(); ++i) {
            if (read[i] == value) {
                places.push_back(there[i]);
            } else if (partner(read[i]).isValid() && !agree(read[i], there[i])) {
                return std::nullopt;
            }
        }
        return allTheSame(places);
    }

    std::optional<ValueClassId> allTheSame(const std::vector<ValueClassId> &values) const
    {
        const bool same =
            !values.empty() && std::all_of(values.begin(), values.end(), [&](ValueClassId id) {
                return m_other.holdSameNumbers(id, values.front());
            });
        return same ? std::optional(values.front()) : std::nullopt;
    }

    /// Whether a value is computed from the one paired with `source`, by unpaired ops.
    bool isMadeFrom(ValueClassId value, ValueClassId source) const
    {
        std::set<ValueClassId> seen{value};
        std::vector<ValueClassId> pending{value};
        while (!pending.empty() && seen.size() <= kLongestChain) {
            const NodeId op = m_own.producer(pending.back());
            pending.pop_back();
            if (!op.isValid()) {
                continue;
            }
            for (const ValueClassId operand : m_own.inputs[op.index()]) {
                if (agree(operand, source)) {
                    return haveSameScale(operand, source);
                }
                if (!partner(operand).isValid() && seen.insert(operand).second) {
                    pending.push_back(operand);
                }
            }
        }
        return false;
    }

    /// False for an integer product, whose scales are still to be multiplied in, against reals.
    bool haveSameScale(ValueClassId own, ValueClassId other) const
    {
        const auto isUnscaled = [](const GraphSide &side, ValueClassId id) {
            const ValueClass &group = side.classes[id];
            return group.members.front().role == MemberRole::Raw &&
                   isInteger(side.graph.value(group.root()).dtype);
        };
        return isUnscaled(m_own, own) == isUnscaled(m_other, other);
    }

    /// The output of the other model that stands for this one: the counterpart of the only paired
    /// value it is made from, if that is read for nothing else here and an output there alone.
    std::optional<ValueClassId> handedOutInstead(ValueClassId value) const
    {
        for (std::size_t step = 0; step < kLongestChain && !partner(value).isValid(); ++step) {
            const NodeId op = m_own.producer(value);
            if (!op.isValid() || m_own.inputs[op.index()].size() != 1 ||
                !m_own.graph.node(op).bodies.empty()) {
                return std::nullopt;
            }
            value = m_own.inputs[op.index()].front();
            if (m_own.isOutput[value.index()] || m_own.liveReaders(value).size() != 1) {
                return std::nullopt;
            }
        }
        const ValueClassId instead = partner(value);
        return isSure(value) && m_other.isOutput[instead.index()] ? std::optional(instead)
                                                                  : std::nullopt;
    }

    const Pairing &m_pairing;
    bool m_isReference;
    const GraphSide &m_own;
    const GraphSide &m_other;
    const std::vector<bool> &m_isOpen;
    std::vector<bool> m_isUntaken; ///< by scope of the other side
    std::unordered_map<std::string_view, std::vector<NodeId>> m_left; ///< there, by kind of op
    std::vector<std::string> m_reasons;                               ///< by class
};

} // namespace

std::vector<std::string> oneSidedValues(const Pairing &pairing, bool isReference,
                                        const OpenValues &open)
{
    return Proof(pairing, isReference, open).run();
}

} // namespace syncpoint
