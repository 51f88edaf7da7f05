#include "compare/align/stage.h"
#include "compare/align/swallowed_activation.h"

#include <fmt/format.h>

#include <optional>

namespace syncpoint {
namespace {

/// A kept name can lie. The QOperator quantizer drops a Relu or Clip, because the range does it,
/// and keeps the convolution's output name; batch-norm folding keeps it as well. The tensor is then
/// the activation's or the normalisation's, and the pair belongs there.
class KeptNameStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "kept_name"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &) const override
    {
        for (const ClassPair &pair : pairing.pairs()) {
            if (pair.match.rule == "manual" ||
                !pairing.reference.producer(pair.reference).isValid()) {
                continue;
            }
            ClassPair moved = pair;
            while (const auto next = swallowedBy(pairing, moved)) {
                pairing.unpair(moved.reference);
                const Node &kept =
                    pairing.reference.graph.node(pairing.reference.producer(moved.reference));
                const Node &swallowed =
                    pairing.reference.graph.node(pairing.reference.producer(*next));
                moved.reference = *next;
                moved.match = {"name_rule", 0.95,
                               fmt::format("the name is the {}'s, but the candidate has no {}: "
                                           "the tensor already is the {}'s",
                                           kept.opType, swallowed.opType, swallowed.opType)};
                pairing.pair(moved);
            }
        }
        return {};
    }

private:
    static std::optional<ValueClassId> swallowedBy(const Pairing &pairing, const ClassPair &pair)
    {
        const auto activation = swallowedActivation(pairing, pair.reference, pair.candidate);
        return activation ? activation : swallowedNorm(pairing, pair.reference, pair.candidate);
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeKeptNameStage()
{
    return std::make_unique<KeptNameStage>();
}

} // namespace syncpoint
