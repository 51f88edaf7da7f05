#include "compare/align/compared_members.h"
#include "compare/align/axis_order.h"
#include "compare/align/layout_between.h"
#include "compare/align/linear_chain.h"
#include "compare/align/name_rules.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace syncpoint {
namespace {

/// The first member that an op of the family makes from `member`; null without one.
const ClassMember *viewOf(const GraphSide &side, const ClassMember &member, std::string_view family)
{
    const ValueClass &group = side.classes[side.classes.classOf(member.value)];
    for (const NodeId reader : side.graph.value(member.value).consumers) {
        const OpFamily *made = side.families[reader.index()];
        if (made != nullptr && made->name == family && side.classes.isTransparent(reader) &&
            side.graph.node(reader).inputs.front() == member.value) {
            const ClassMember &view = side.classes.member(side.graph.node(reader).outputs.front());
            return &view == &group.members.front() ? nullptr : &view;
        }
    }
    return nullptr;
}

/// The form of a member that the rest of the model works with: dequantized where it is quantized
/// right away.
const ClassMember &settled(const GraphSide &side, const ClassMember &member)
{
    const ClassMember *integers =
        member.role == MemberRole::Quantized ? &member : viewOf(side, member, "quantize");
    if (integers == nullptr) {
        return member;
    }
    if (const ClassMember *reals = viewOf(side, *integers, "dequantize")) {
        return *reals;
    }
    return side.graph.value(integers->value).quantization ? *integers : member;
}

class Chooser
{
public:
    Chooser(const Pairing &pairing, const ClassPair &pair)
        : m_pairing(pairing), m_own(pairing.reference), m_other(pairing.candidate),
          m_names(pairing.referenceNames), m_pair(pair), m_block(pairing.candidateBlock),
          m_ownMembers(m_own.classes[pair.reference].members),
          m_otherMembers(m_other.classes[pair.candidate].members)
    {
    }

    std::optional<ComparedMembers> choose() const
    {
        if (m_pair.pinnedReference.isValid()) {
            const auto pinned = join(m_own.classes.member(m_pair.pinnedReference),
                                     m_other.classes.member(m_pair.pinnedCandidate));
            return pinned ? pinned
                          : ComparedMembers{m_pair.pinnedReference, m_pair.pinnedCandidate, {}};
        }
        if (auto outputs = graphOutputs()) {
            return outputs;
        }
        if (auto named = equalNames()) {
            return named;
        }
        return anyLayout();
    }

private:
    std::optional<ComparedMembers> join(const ClassMember &own, const ClassMember &other) const
    {
        if (own.isBlocked || (other.isBlocked && m_block == 0)) {
            return std::nullopt;
        }
        if (other.isBlocked) { // its shape is the padded one
            Transform unblocked;
            unblocked.channelBlock = m_block;
            return ComparedMembers{own.value, other.value, unblocked};
        }
        auto transform = layout(own.value, other.value);
        if (!transform) {
            return std::nullopt;
        }
        transform->dequantize = other.role == MemberRole::Quantized;
        return ComparedMembers{own.value, other.value, *transform};
    }

    /// From the declared shapes. Where one is open, those of the first sample may tell: no more
    /// than that, because others may have other extents.
    std::optional<Transform> layout(ValueId own, ValueId other) const
    {
        const auto &ownShape = m_own.graph.value(own).shape;
        const auto &otherShape = m_other.graph.value(other).shape;
        if (hasKnownExtents(ownShape) && hasKnownExtents(otherShape)) {
            return layoutBetween(ownShape, otherShape);
        }
        const CapturedValues &captured = m_pairing.values;
        const auto known = [](const auto &declared, const auto &shapeOf, ValueId value) {
            return hasKnownExtents(declared) || !shapeOf ? declared : shapeOf(value);
        };
        return layoutBetween(known(ownShape, captured.referenceShape, own),
                             known(otherShape, captured.candidateShape, other))
            .value_or(Transform());
    }

    /// Model outputs are what users get: compared as they are, without looking for another form.
    std::optional<ComparedMembers> graphOutputs() const
    {
        const auto find = [](const GraphSide &side, const std::vector<ClassMember> &members) {
            return std::find_if(members.begin(), members.end(), [&](const ClassMember &member) {
                const Value &value = side.graph.value(member.value);
                return value.isOutput && value.scope == ScopeId{0};
            });
        };
        const auto own = find(m_own, m_ownMembers);
        const auto other = find(m_other, m_otherMembers);
        if (own == m_ownMembers.end() || other == m_otherMembers.end()) {
            return std::nullopt;
        }
        return join(*own, *other);
    }

    std::optional<ComparedMembers> equalNames() const
    {
        std::unordered_map<std::string, const ClassMember *> byName;
        for (const ClassMember &member : m_otherMembers) {
            const std::string name = m_other.graph.qualifiedName(member.value);
            byName.emplace(withoutToolMarks(name).text, &member);
        }
        for (const ClassMember &member : m_otherMembers) { // an exact name beats a stripped one
            byName[m_other.graph.qualifiedName(member.value)] = &member;
        }
        for (const ClassMember &member : m_ownMembers) {
            const std::string &name = m_names[member.value.index()];
            auto found = byName.find(name);
            if (found == byName.end()) {
                found = byName.find(withoutToolMarks(name).text);
            }
            if (found != byName.end()) {
                const auto joined = join(settled(m_own, member), settled(m_other, *found->second));
                if (joined) {
                    return joined;
                }
            }
        }
        return std::nullopt;
    }

    /// Without a name to go by: the first two members whose shapes agree, else a layout change.
    std::optional<ComparedMembers> anyLayout() const
    {
        constexpr std::size_t kMany = 64; // members looked at per side
        std::optional<ComparedMembers> fallback;
        for (std::size_t i = 0; i < std::min(m_ownMembers.size(), kMany); ++i) {
            for (std::size_t j = 0; j < std::min(m_otherMembers.size(), kMany); ++j) {
                // Only views of the same kind: a relayout on one side alone may reorder elements.
                if (isRelayouted(m_ownMembers[i]) || m_otherMembers[j].isBlocked ||
                    (isRelayouted(m_otherMembers[j]) && !isPlainReshape(m_otherMembers[j]))) {
                    continue;
                }
                auto joined =
                    join(settled(m_own, m_ownMembers[i]), settled(m_other, m_otherMembers[j]));
                if (joined && joined->transform.permutation.empty() && !joined->transform.reshape) {
                    return joined;
                }
                fallback = fallback ? fallback : joined;
            }
        }
        if (const auto read = readAlike()) {
            return read;
        }
        if (!fallback && m_otherMembers.front().isBlocked) {
            return join(m_ownMembers.front(), m_otherMembers.front());
        }
        return fallback ? fallback : anyAxisOrder();
    }

    /// Extents that fit in more orders than converters use: the captured numbers tell which, later.
    std::optional<ComparedMembers> anyAxisOrder() const
    {
        const ValueId own = m_ownMembers.front().value;
        const ClassMember &other = m_otherMembers.front();
        const auto &ownShape = m_own.graph.value(own).shape;
        const auto &otherShape = m_other.graph.value(other.value).shape;
        if (!m_pairing.values.areThere() || !hasKnownExtents(ownShape) ||
            !hasKnownExtents(otherShape) || !canOrderAxes(*ownShape, *otherShape)) {
            return std::nullopt;
        }
        Transform transform;
        transform.dequantize = other.role == MemberRole::Quantized;
        return ComparedMembers{own, other.value, transform};
    }

    bool haveOneShape(ValueClassId own, ValueClassId other) const
    {
        const auto &shape = m_own.graph.value(m_own.classes[own].root()).shape;
        return hasKnownExtents(shape) &&
               shape == m_other.graph.value(m_other.classes[other].root()).shape;
    }

    /// The members that two paired ops read as the same operand, if their layout is settled: that
    /// of products is, that of others where the results have one shape.
    std::optional<ComparedMembers> readAlike() const
    {
        for (const NodeId op : m_own.consumers[m_pair.reference.index()]) {
            const auto made = m_own.outputs(op);
            const ValueClassId partner =
                made.empty() ? ValueClassId{} : m_pairing.partnerOfReference(made.front());
            const NodeId twin = partner.isValid() ? m_other.producer(partner) : NodeId{};
            if (!twin.isValid() || m_own.graph.node(op).opType != m_other.graph.node(twin).opType ||
                (!isLinear(m_own.families[op.index()]) && !haveOneShape(made.front(), partner))) {
                continue;
            }
            const auto &own = m_own.graph.node(op).inputs;
            const auto &other = m_other.graph.node(twin).inputs;
            for (std::size_t i = 0; i < std::min(own.size(), other.size()); ++i) {
                if (own[i].isValid() && other[i].isValid() &&
                    m_own.classes.classOf(own[i]) == m_pair.reference &&
                    m_other.classes.classOf(other[i]) == m_pair.candidate) {
                    return join(m_own.classes.member(own[i]), m_other.classes.member(other[i]));
                }
            }
        }
        return std::nullopt;
    }

    static bool isRelayouted(const ClassMember &member)
    {
        return !member.fromRoot || !member.fromRoot->isIdentity();
    }
    static bool isPlainReshape(const ClassMember &member)
    {
        return member.fromRoot && member.fromRoot->permutation.empty();
    }

    const Pairing &m_pairing;
    const GraphSide &m_own;
    const GraphSide &m_other;
    const std::vector<std::string> &m_names;
    const ClassPair &m_pair;
    const std::size_t m_block;
    const std::vector<ClassMember> &m_ownMembers;
    const std::vector<ClassMember> &m_otherMembers;
};

} // namespace

std::optional<ComparedMembers> chooseMembers(const Pairing &pairing, const ClassPair &pair)
{
    return Chooser(pairing, pair).choose();
}

} // namespace syncpoint
