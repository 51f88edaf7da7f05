#include "compare/align/aligner.h"
#include "compare/align/compared_members.h"
#include "compare/align/one_sided_ops.h"
#include "compare/align/other_branches.h"
#include "compare/align/pairing.h"
#include "compare/align/regions.h"
#include "compare/align/stage.h"

#include <fmt/format.h>

#include <algorithm>

namespace syncpoint {
namespace {

std::vector<ValueId> valuesOf(const ValueClass &group)
{
    std::vector<ValueId> values;
    for (const ClassMember &member : group.members) {
        values.push_back(member.value);
    }
    return values;
}

/// The value of the same name on the other side that could not be paired, and why; "" without one.
std::string nameConflict(const GraphSide &own, ValueClassId id, const GraphSide &other)
{
    const auto namesake = other.graph.findValue(own.graph.qualifiedName(own.classes[id].root()));
    if (!namesake) {
        return {};
    }
    const ValueClassId group = other.classes.classOf(*namesake);
    const NodeId maker = own.producer(id);
    const NodeId otherMaker = other.producer(group);
    if (maker.isValid() && otherMaker.isValid() &&
        !canShareExit(own.family(id), other.family(group))) {
        return fmt::format("the other model has a value of this name, but {} makes it there "
                           "and {} here",
                           other.graph.node(otherMaker).opType, own.graph.node(maker).opType);
    }
    const auto elements = own.elements(id);
    const auto otherElements = other.elements(group);
    if (elements && otherElements && *elements != *otherElements) {
        return fmt::format("the other model has a value of this name, but with {} elements "
                           "instead of {}",
                           *otherElements, *elements);
    }
    return {};
}

/// Turns the found pairs into the public form.
class Assembly
{
public:
    Assembly(const Pairing &pairing)
        : m_pairing(pairing), m_regions(findRegions(pairing)),
          m_otherOfReference(otherBranches(pairing, true)),
          m_otherOfCandidate(otherBranches(pairing, false))
    {
        const OpenValues open{openValues(pairing.reference), openValues(pairing.candidate)};
        m_oneSidedOfReference = oneSidedValues(pairing, true, open);
        m_oneSidedOfCandidate = oneSidedValues(pairing, false, open);
        m_result.reference.resize(pairing.reference.graph.values().size());
        m_result.candidate.resize(pairing.candidate.graph.values().size());
        m_result.reachabilityViolations = pairing.violations;
        m_result.diagnostics = pairing.diagnostics;
        m_pointOfReference.resize(pairing.reference.classCount());
        m_pointOfCandidate.resize(pairing.candidate.classCount());
    }

    Alignment finish()
    {
        addPoints();
        explain(m_pairing.reference, m_pairing.candidate, m_regions.reference, m_pointOfReference,
                m_result.reference, &SyncPoint::absorbedReference);
        explain(m_pairing.candidate, m_pairing.reference, m_regions.candidate, m_pointOfCandidate,
                m_result.candidate, &SyncPoint::absorbedCandidate);
        return std::move(m_result);
    }

private:
    bool isReference(const GraphSide &side) const { return &side == &m_pairing.reference; }

    /// Whether a value lies in a branch that the other model lacks.
    bool isInOtherBranch(const GraphSide &side, ValueClassId id) const
    {
        const auto &others = isReference(side) ? m_otherOfReference : m_otherOfCandidate;
        return others[side.graph.value(side.classes[id].root()).scope.index()];
    }

    std::vector<bool> openValues(const GraphSide &side) const
    {
        const auto &exits = (isReference(side) ? m_regions.reference : m_regions.candidate).exit;
        std::vector<bool> open(side.classCount());
        for (std::size_t i = 0; i < open.size(); ++i) {
            const ValueClassId id{i};
            const bool isPaired = isReference(side) ? m_pairing.isReferencePaired(id)
                                                    : m_pairing.isCandidatePaired(id);
            open[i] = side.isComputed(id) && !isPaired && !exits[i].isValid() &&
                      !isInOtherBranch(side, id);
        }
        return open;
    }

    void addPoints()
    {
        std::vector<ClassPair> pairs = m_pairing.pairs();
        std::sort(pairs.begin(), pairs.end(), [](const ClassPair &a, const ClassPair &b) {
            return a.reference < b.reference; // class ids follow execution order
        });
        for (const ClassPair &pair : pairs) {
            const auto chosen = chooseMembers(m_pairing, pair);
            if (!chosen) {
                continue;
            }
            SyncPoint point;
            point.reference = chosen->reference;
            point.candidate = chosen->candidate;
            point.transform = chosen->transform;
            point.referenceClass = valuesOf(m_pairing.reference.classes[pair.reference]);
            point.candidateClass = valuesOf(m_pairing.candidate.classes[pair.candidate]);
            point.referenceNode = m_pairing.reference.producer(pair.reference);
            point.candidateNode = m_pairing.candidate.producer(pair.candidate);
            point.match = pair.match;
            const SyncPointId id{m_result.points.size()};
            m_pointOfReference[pair.reference.index()] = id;
            m_pointOfCandidate[pair.candidate.index()] = id;
            m_result.points.push_back(std::move(point));
        }
    }

    void explain(const GraphSide &side, const GraphSide &other, const AbsorbedClasses &absorbed,
                 const std::vector<SyncPointId> &points, std::vector<ValueOutcome> &outcomes,
                 std::vector<NodeId> SyncPoint::*absorbedOps)
    {
        for (std::size_t i = 0; i < side.classCount(); ++i) {
            const ValueClassId id{i};
            ValueOutcome outcome = outcomeOf(side, other, absorbed, points, id);
            if (outcome.status == ValueStatus::Absorbed) {
                auto &ops = m_result.points[outcome.point.index()].*absorbedOps;
                if (ops.empty() || ops.back() != side.producer(id)) {
                    ops.push_back(side.producer(id));
                }
            }
            for (const ClassMember &member : side.classes[id].members) {
                outcomes[member.value.index()] = outcome;
            }
        }
    }

    ValueOutcome outcomeOf(const GraphSide &side, const GraphSide &other,
                           const AbsorbedClasses &absorbed, const std::vector<SyncPointId> &points,
                           ValueClassId id) const
    {
        switch (side.classes[id].kind) {
        case ValueClass::Kind::Constant:
            return {ValueStatus::Excluded, {}, "constant: known before the run"};
        case ValueClass::Kind::ShapeArithmetic:
            return {ValueStatus::Excluded, {}, "shape arithmetic, not data"};
        case ValueClass::Kind::QuantizationParameter:
            return {ValueStatus::Excluded, {}, "a scale or zero point that the model computes"};
        case ValueClass::Kind::Data:
            break;
        }
        if (points[id.index()].isValid()) {
            return {ValueStatus::Paired, points[id.index()], {}};
        }
        const ValueClassId exit = absorbed.exit[id.index()];
        if (exit.isValid() && points[exit.index()].isValid()) {
            return {ValueStatus::Absorbed, points[exit.index()], {}};
        }
        if (isInOtherBranch(side, id)) {
            return {ValueStatus::Excluded, {}, "the other model has the other branch only"};
        }
        const auto &oneSided = isReference(side) ? m_oneSidedOfReference : m_oneSidedOfCandidate;
        if (!oneSided[id.index()].empty()) {
            return {ValueStatus::OneSided, {}, oneSided[id.index()]};
        }
        return {ValueStatus::Unmatched, {}, reasonOf(side, other, absorbed, id)};
    }

    std::string reasonOf(const GraphSide &side, const GraphSide &other,
                         const AbsorbedClasses &absorbed, ValueClassId id) const
    {
        if (isReference(side) ? m_pairing.isReferencePaired(id) : m_pairing.isCandidatePaired(id)) {
            return "its counterpart is stored in a layout that cannot be undone (blocked NCHWc), "
                   "or in a shape that no reshape or permutation explains";
        }
        if (auto conflict = nameConflict(side, id, other); !conflict.empty()) {
            return conflict;
        }
        if (!side.producer(id).isValid()) {
            return "the other model has no input of this name, type and shape";
        }
        const std::string &reason = absorbed.reason[id.index()];
        return reason.empty() ? "no name, and no matched operation around it, identifies it"
                              : reason;
    }

    const Pairing &m_pairing;
    Regions m_regions;
    std::vector<bool> m_otherOfReference; ///< by scope: a branch that the other model lacks
    std::vector<bool> m_otherOfCandidate;
    std::vector<std::string> m_oneSidedOfReference; ///< by class: why the other model lacks it
    std::vector<std::string> m_oneSidedOfCandidate;
    Alignment m_result;
    std::vector<SyncPointId> m_pointOfReference; ///< by class
    std::vector<SyncPointId> m_pointOfCandidate;
};

} // namespace

Result<Alignment> alignGraphs(const Graph &baseline, const Graph &candidate, const ManualMap &map,
                              const JobContext &job, const CapturedValues &captured)
{
    const auto stages = alignmentStages();
    job.beginStage("aligning", stages.size());
    Pairing pairing(baseline, candidate, captured);
    for (const auto &stage : stages) {
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        if (auto done = stage->run(pairing, map, job); !done) {
            return done.error();
        }
        job.advance(1);
    }
    return Assembly(pairing).finish();
}

} // namespace syncpoint
