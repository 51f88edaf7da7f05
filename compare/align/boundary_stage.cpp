#include "compare/align/stage.h"

#include <algorithm>

namespace syncpoint {
namespace {

/// The graph's inputs or outputs that carry data and hang on no pair yet.
std::vector<ValueClassId> unpairedEnds(const GraphSide &side, const std::vector<ValueId> &ends,
                                       const auto &isPaired)
{
    std::vector<ValueClassId> result;
    for (const ValueId end : ends) {
        if (!end.isValid()) {
            continue;
        }
        const ValueClassId group = side.classes.classOf(end);
        if (side.isData(group) && !isPaired(group) &&
            std::find(result.begin(), result.end(), group) == result.end()) {
            result.push_back(group);
        }
    }
    return result;
}

bool sameKind(const Graph &baseline, ValueId r, const Graph &candidate, ValueId c)
{
    const Value &own = baseline.value(r);
    const Value &other = candidate.value(c);
    const auto isReal = [](DType dtype) { return isFloat(dtype) || dtype == DType::Undefined; };
    const bool dtypes = own.dtype == other.dtype || (isReal(own.dtype) && isReal(other.dtype)) ||
                        own.quantization || other.quantization;
    return dtypes && (!own.shape || !other.shape || own.shape->size() == other.shape->size());
}

/// Renamed inputs or outputs of the two graphs that hang on no pair yet.
class Ends
{
public:
    Ends(const Pairing &pairing, const std::vector<ValueId> &own, const std::vector<ValueId> &other)
        : m_pairing(pairing),
          m_own(unpairedEnds(pairing.reference, own,
                             [&](ValueClassId r) { return pairing.isReferencePaired(r); })),
          m_other(unpairedEnds(pairing.candidate, other,
                               [&](ValueClassId c) { return pairing.isCandidatePaired(c); }))
    {
    }

    using Pairs = std::vector<std::pair<ValueClassId, ValueClassId>>;

    /// Those that fit one of the other side and nothing else.
    Pairs onlyFitting() const
    {
        Pairs pairs;
        if (m_own.size() > kMany || m_other.size() > kMany) {
            return pairs;
        }
        for (std::size_t i = 0; i < m_own.size(); ++i) {
            const auto j = onlyOne(m_other.size(), [&](std::size_t k) { return fits(i, k); });
            if (j < m_other.size() &&
                isChoice(m_pairing.reference, m_own[i]) ==
                    isChoice(m_pairing.candidate, m_other[j]) &&
                onlyOne(m_own.size(), [&](std::size_t k) { return fits(k, j); }) == i) {
                pairs.emplace_back(m_own[i], m_other[j]);
            }
        }
        return pairs;
    }

    /// The n-th with the n-th, when as many are left on both sides and all fit.
    Pairs inOrder() const
    {
        Pairs pairs;
        if (m_own.size() != m_other.size()) {
            return pairs;
        }
        for (std::size_t i = 0; i < m_own.size(); ++i) {
            if (!fits(i, i)) {
                return {};
            }
            pairs.emplace_back(m_own[i], m_other[i]);
        }
        return pairs;
    }

private:
    static constexpr std::size_t kMany = 64;

    bool fits(std::size_t i, std::size_t j) const
    {
        return m_pairing.canPair(m_own[i], m_other[j]) &&
               sameKind(m_pairing.reference.graph, m_pairing.reference.classes[m_own[i]].root(),
                        m_pairing.candidate.graph, m_pairing.candidate.classes[m_other[j]].root());
    }

    /// Made by If or Loop, which can stand for any op: what is inside is looked at first.
    static bool isChoice(const GraphSide &side, ValueClassId id)
    {
        const OpFamily *family = side.family(id);
        return family != nullptr && family->name == "control";
    }

    /// The only index below `count` with the property; `count` when none or several have it.
    template <typename Property>
    static std::size_t onlyOne(std::size_t count, Property property)
    {
        std::size_t found = count;
        for (std::size_t k = 0; k < count; ++k) {
            if (property(k)) {
                if (found < count) {
                    return count;
                }
                found = k;
            }
        }
        return found;
    }

    const Pairing &m_pairing;
    std::vector<ValueClassId> m_own;
    std::vector<ValueClassId> m_other;
};

void pairAll(Pairing &pairing, const Ends::Pairs &pairs, double confidence, const char *evidence)
{
    for (const auto &[r, c] : pairs) {
        pairing.pair({r, c, {"structure", confidence, evidence}, {}, {}});
    }
}

/// Graph inputs and outputs that only fit each other.
class BoundaryStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "boundary"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &) const override
    {
        const Scope &own = pairing.reference.graph.mainScope();
        const Scope &other = pairing.candidate.graph.mainScope();
        pairAll(pairing, Ends(pairing, own.inputs, other.inputs).onlyFitting(), 0.8,
                "no other input fits");
        pairAll(pairing, Ends(pairing, own.outputs, other.outputs).onlyFitting(), 0.8,
                "no other output fits");
        return {};
    }
};

/// The order of inputs and outputs, for those that nothing else tells apart.
class BoundaryOrderStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "boundary_order"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &) const override
    {
        const Scope &own = pairing.reference.graph.mainScope();
        const Scope &other = pairing.candidate.graph.mainScope();
        pairAll(pairing, Ends(pairing, own.inputs, other.inputs).inOrder(), 0.7,
                "the same place among the inputs");
        pairAll(pairing, Ends(pairing, own.outputs, other.outputs).inOrder(), 0.7,
                "the same place among the outputs");
        return {};
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeBoundaryStage()
{
    return std::make_unique<BoundaryStage>();
}

std::unique_ptr<AlignmentStage> makeBoundaryOrderStage()
{
    return std::make_unique<BoundaryOrderStage>();
}

} // namespace syncpoint
