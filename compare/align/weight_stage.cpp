#include "compare/align/linear_chain.h"
#include "compare/align/stage.h"
#include "compare/align/swallowed_activation.h"
#include "compare/align/weight_matching.h"

#include <algorithm>

namespace syncpoint {
namespace {

/// The ops that read a constant and whose results are not all paired.
std::vector<NodeId> openOps(const GraphSide &side, const auto &isPaired)
{
    std::vector<NodeId> ops;
    for (std::size_t i = 0; i < side.graph.nodes().size(); ++i) {
        const auto outputs = side.outputs(NodeId{i});
        if (!outputs.empty() && !isPaired(outputs.front())) {
            ops.push_back(NodeId{i});
        }
    }
    return ops;
}

/// Weights by content: ops that read the same weight make the same value, up to what is fused.
class WeightStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "weights"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &job) const override
    {
        const auto own = openOps(pairing.reference,
                                 [&](ValueClassId r) { return pairing.isReferencePaired(r); });
        const auto other = openOps(pairing.candidate,
                                   [&](ValueClassId c) { return pairing.isCandidatePaired(c); });
        pairing.referenceWeights.assign(pairing.reference.graph.nodes().size(), 0);
        pairing.candidateWeights.assign(pairing.candidate.graph.nodes().size(), 0);
        pairing.rescaledWeights.assign(1, Rescaling::Unknown);
        if (own.empty() || other.empty()) {
            return {};
        }
        const auto common = findCommonWeights(pairing.reference, own, pairing.candidate, other);
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        std::uint32_t number = 0;
        for (const CommonWeight &weight : common) {
            ++number;
            pairing.rescaledWeights.push_back(weight.rescaling);
            pairing.candidateBlock = std::max(pairing.candidateBlock, weight.candidateBlock);
            for (const NodeId user : weight.referenceUsers) {
                pairing.referenceWeights[user.index()] = number;
            }
            for (const NodeId user : weight.candidateUsers) {
                pairing.candidateWeights[user.index()] = number;
            }
        }
        for (const bool isMatrix : {true, false}) { // a vector alone is weaker evidence
            for (const CommonWeight &weight : common) {
                if (weight.isMatrix == isMatrix &&
                    isOneOp(pairing.reference, weight.referenceUsers) &&
                    isOneOp(pairing.candidate, weight.candidateUsers)) {
                    anchor(pairing, weight);
                }
            }
        }
        return {};
    }

private:
    /// One op, or copies of it that compute the same.
    static bool isOneOp(const GraphSide &side, const std::vector<NodeId> &users)
    {
        const auto first = side.outputs(users.front());
        return std::all_of(users.begin(), users.end(), [&](NodeId user) {
            return side.holdSameNumbers(side.outputs(user).front(), first.front());
        });
    }

    static void anchor(Pairing &pairing, const CommonWeight &weight)
    {
        const NodeId r = weight.referenceUsers.front();
        const NodeId c = weight.candidateUsers.front();
        const OpFamily *own = pairing.reference.families[r.index()];
        const OpFamily *other = pairing.candidate.families[c.index()];
        const Match match{"weights", weight.isMatrix ? 0.95 : 0.9,
                          weight.rescaling == Rescaling::Yes
                              ? "both use the same weight, rescaled per channel"
                              : "both use the same weight"};
        if (!isLinear(own) || !isLinear(other)) {
            if (own != nullptr && own == other) {
                accept(pairing, pairing.reference.outputs(r), pairing.candidate.outputs(c), match);
            }
            return;
        }
        pairing.anchoredOps.emplace_back(r, c);
        for (const auto &[step, twin] :
             equalSteps(pairing.reference, r, pairing.candidate, c, weight.rescaling)) {
            if (pairing.canPair(step, twin)) {
                pairing.pair({step, twin, match, {}, {}});
            }
        }
    }

    static void accept(Pairing &pairing, const std::vector<ValueClassId> &own,
                       const std::vector<ValueClassId> &other, const Match &match)
    {
        for (std::size_t i = 0; i < std::min(own.size(), other.size()); ++i) {
            if (pairing.canPair(own[i], other[i])) {
                const auto swallowed = swallowedActivation(pairing, own[i], other[i]);
                pairing.pair({swallowed.value_or(own[i]), other[i], match, {}, {}});
            }
        }
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeWeightStage()
{
    return std::make_unique<WeightStage>();
}

} // namespace syncpoint
