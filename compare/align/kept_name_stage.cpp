#include "compare/align/linear_chain.h"
#include "compare/align/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace syncpoint {
namespace {

bool isOneOf(const OpFamily *family, std::initializer_list<std::string_view> names)
{
    return family != nullptr && std::find(names.begin(), names.end(), family->name) != names.end();
}

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
    /// The output of the op that follows on the baseline only and is part of the candidate's op.
    static std::optional<ValueClassId> swallowedBy(const Pairing &pairing, const ClassPair &pair)
    {
        const GraphSide &side = pairing.reference;
        const auto &readers = side.consumers[pair.reference.index()];
        if (readers.size() != 1 || side.isOutput[pair.reference.index()] ||
            side.family(pair.reference) == side.families[readers.front().index()]) {
            return std::nullopt;
        }
        const OpFamily *next = side.families[readers.front().index()];
        const bool isActivation = isOneOf(next, {"relu", "clip"});
        if (!isActivation && !isOneOf(next, {"batch_norm"})) {
            return std::nullopt;
        }
        const auto outputs = side.outputs(readers.front());
        if (outputs.empty() || pairing.isReferencePaired(outputs.front())) {
            return std::nullopt;
        }
        const GraphSide &other = pairing.candidate;
        for (const NodeId reader : other.consumers[pair.candidate.index()]) {
            if (other.families[reader.index()] == next) {
                return std::nullopt; // it is still there, only renamed
            }
        }
        if (isActivation && !startsAtZero(other, pair.candidate)) {
            return std::nullopt;
        }
        return outputs.front();
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeKeptNameStage()
{
    return std::make_unique<KeptNameStage>();
}

} // namespace syncpoint
