#include "compare/align/stage.h"
#include "compare/align/swallowed_activation.h"

#include <fmt/format.h>

#include <optional>

namespace syncpoint {
namespace {

/// A kept name can lie. The QOperator quantizer drops a Relu or Clip, because the range does it,
/// and keeps the convolution's output name; batch-norm folding keeps it as well. The tensor is then
/// the activation's or the normalisation's, and the pair belongs there, whichever model has it.
class KeptNameStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "kept_name"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &) const override
    {
        for (ClassPair pair : pairing.pairs()) {
            if (pair.match.rule == "manual" ||
                !pairing.reference.producer(pair.reference).isValid()) {
                continue;
            }
            while (auto next = movedOn(pairing, pair)) {
                pairing.unpair(pair.reference);
                pair = *std::move(next);
                pairing.pair(pair);
            }
        }
        return {};
    }

private:
    /// The pair with one end at the next op, if the other model's op of that name does its work.
    static std::optional<ClassPair> movedOn(const Pairing &pairing, ClassPair pair)
    {
        const GraphSide &reference = pairing.reference;
        const GraphSide &candidate = pairing.candidate;
        const auto own = swallowedOp(reference, pair.reference, candidate, pair.candidate);
        if (own && !pairing.isReferencePaired(*own)) {
            pair.match = why(reference, pair.reference, *own, "candidate");
            pair.reference = *own;
            return pair;
        }
        const auto other = swallowedOp(candidate, pair.candidate, reference, pair.reference);
        if (other && !pairing.isCandidatePaired(*other)) {
            pair.match = why(candidate, pair.candidate, *other, "baseline");
            pair.candidate = *other;
            return pair;
        }
        return std::nullopt;
    }

    static Match why(const GraphSide &side, ValueClassId kept, ValueClassId swallowed,
                     std::string_view otherModel)
    {
        const std::string &own = side.graph.node(side.producer(kept)).opType;
        const std::string &next = side.graph.node(side.producer(swallowed)).opType;
        return {"name_rule", 0.95,
                fmt::format("the name is the {}'s, but the {} has no {}: its tensor already is "
                            "the {}'s",
                            own, otherModel, next, next)};
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeKeptNameStage()
{
    return std::make_unique<KeptNameStage>();
}

} // namespace syncpoint
