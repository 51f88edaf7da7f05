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

/// Renamed graph inputs and outputs: by position, when as many are left on both sides and every
/// position fits.
class BoundaryStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "boundary"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &) const override
    {
        pairEnds(pairing, pairing.reference.graph.mainScope().inputs,
                 pairing.candidate.graph.mainScope().inputs, "the same place among the inputs");
        pairEnds(pairing, pairing.reference.graph.mainScope().outputs,
                 pairing.candidate.graph.mainScope().outputs, "the same place among the outputs");
        return {};
    }

private:
    static void pairEnds(Pairing &pairing, const std::vector<ValueId> &own,
                         const std::vector<ValueId> &other, const char *evidence)
    {
        const auto references = unpairedEnds(
            pairing.reference, own, [&](ValueClassId r) { return pairing.isReferencePaired(r); });
        const auto candidates = unpairedEnds(
            pairing.candidate, other, [&](ValueClassId c) { return pairing.isCandidatePaired(c); });
        const auto fits = [&](std::size_t r, std::size_t c) {
            return pairing.canPair(references[r], candidates[c]) &&
                   sameKind(
                       pairing.reference.graph, pairing.reference.classes[references[r]].root(),
                       pairing.candidate.graph, pairing.candidate.classes[candidates[c]].root());
        };
        if (references.size() != candidates.size()) {
            return;
        }
        for (std::size_t i = 0; i < references.size(); ++i) {
            if (!fits(i, i)) {
                return;
            }
        }
        // Twins that fit each other's place rest on their order alone.
        constexpr double kPosition = 0.8;
        constexpr double kOrderOnly = 0.7;
        constexpr std::size_t kMany = 64;
        for (std::size_t i = 0; i < references.size(); ++i) {
            bool hasTwin = references.size() > kMany;
            for (std::size_t j = 0; j < candidates.size() && !hasTwin; ++j) {
                hasTwin = j != i && fits(i, j);
            }
            pairing.pair({references[i],
                          candidates[i],
                          {"structure", hasTwin ? kOrderOnly : kPosition, evidence},
                          {},
                          {}});
        }
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeBoundaryStage()
{
    return std::make_unique<BoundaryStage>();
}

} // namespace syncpoint
