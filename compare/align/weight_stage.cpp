#include "compare/align/linear_chain.h"
#include "compare/align/stage.h"
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
        if (!outputs.empty() && !side.inputs[i].empty() && !isPaired(outputs.front())) {
            ops.push_back(NodeId{i});
        }
    }
    return ops;
}

bool isRelu(std::string_view activation)
{
    return activation == "relu" || activation == "clip";
}

/// Makes the steps of two chains comparable: what one side folded into the weight counts as there.
void reconcile(std::vector<ChainStep> &chain, const std::vector<ChainStep> &other,
               const GraphSide &side, bool isRescaled)
{
    const auto any = [](const std::vector<ChainStep> &steps, auto question) {
        return std::any_of(steps.begin(), steps.end(), question);
    };
    const auto normalized = [](const ChainStep &step) { return step.isNormalized; };
    const auto biased = [](const ChainStep &step) { return step.hasBias; };
    const auto activated = [](const ChainStep &step) { return !step.activation.empty(); };
    const bool isFolded = isRescaled && !any(chain, normalized) && any(other, normalized);
    const bool ignoresBias = !any(other, biased);
    for (ChainStep &step : chain) {
        step.isNormalized = step.isNormalized || isFolded;
        step.hasBias = (step.hasBias || isFolded) && (isFolded || !ignoresBias);
    }
    if (!any(chain, activated) && !other.empty() && isRelu(other.back().activation) &&
        startsAtZero(side, chain.back().value)) {
        chain.back().activation = "relu";
    }
    for (ChainStep &step : chain) { // a Clip at zero is a Relu to the quantizer
        step.activation = isRelu(step.activation) ? "relu" : step.activation;
    }
}

bool sameState(const ChainStep &a, const ChainStep &b)
{
    return a.hasBias == b.hasBias && a.isNormalized == b.isNormalized && a.hasSum == b.hasSum &&
           a.activation == b.activation;
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
            for (const NodeId user : weight.referenceUsers) {
                pairing.referenceWeights[user.index()] = number;
            }
            for (const NodeId user : weight.candidateUsers) {
                pairing.candidateWeights[user.index()] = number;
            }
        }
        for (const bool isMatrix : {true, false}) { // a vector alone is weaker evidence
            for (const CommonWeight &weight : common) {
                if (weight.isMatrix == isMatrix && weight.referenceUsers.size() == 1 &&
                    weight.candidateUsers.size() == 1) {
                    anchor(pairing, weight);
                }
            }
        }
        return {};
    }

private:
    static void anchor(Pairing &pairing, const CommonWeight &weight)
    {
        const NodeId r = weight.referenceUsers.front();
        const NodeId c = weight.candidateUsers.front();
        const OpFamily *own = pairing.reference.families[r.index()];
        const OpFamily *other = pairing.candidate.families[c.index()];
        const Match match{"weights", weight.isMatrix ? 0.95 : 0.9,
                          weight.isRescaled ? "both use the same weight, rescaled per channel"
                                            : "both use the same weight"};
        if (!weight.isMatrix) {
            if (own != nullptr && own == other) {
                accept(pairing, pairing.reference.outputs(r), pairing.candidate.outputs(c), match);
            }
            return;
        }
        auto chain = linearChain(pairing.reference, r);
        auto counterpart = linearChain(pairing.candidate, c);
        if (chain.empty() || counterpart.empty()) {
            if (own != nullptr && own == other) {
                accept(pairing, pairing.reference.outputs(r), pairing.candidate.outputs(c), match);
            }
            return;
        }
        const auto unchanged = chain;
        reconcile(chain, counterpart, pairing.reference, weight.isRescaled);
        reconcile(counterpart, unchanged, pairing.candidate, weight.isRescaled);
        for (const ChainStep &step : chain) {
            for (const ChainStep &twin : counterpart) {
                if (sameState(step, twin) && pairing.canPair(step.value, twin.value)) {
                    pairing.pair({step.value, twin.value, match, {}, {}});
                }
            }
        }
    }

    static void accept(Pairing &pairing, const std::vector<ValueClassId> &own,
                       const std::vector<ValueClassId> &other, const Match &match)
    {
        for (std::size_t i = 0; i < std::min(own.size(), other.size()); ++i) {
            if (pairing.canPair(own[i], other[i])) {
                pairing.pair({own[i], other[i], match, {}, {}});
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
