#include "compare/align/swallowed_activation.h"
#include "compare/align/linear_chain.h"

#include <algorithm>

namespace syncpoint {
namespace {

/// The result of the only op that reads `id`, if that op is of another family and nothing like it
/// reads `twin`.
std::optional<ValueClassId> followsHereOnly(const GraphSide &here, ValueClassId id,
                                            const GraphSide &there, ValueClassId twin,
                                            std::initializer_list<std::string_view> families)
{
    const auto readers = here.liveReaders(id);
    if (readers.size() != 1 || here.isOutput[id.index()]) {
        return std::nullopt;
    }
    const OpFamily *next = here.families[readers.front().index()];
    const auto made = here.outputs(readers.front());
    if (next == nullptr || next == here.family(id) || made.empty() ||
        std::find(families.begin(), families.end(), next->name) == families.end()) {
        return std::nullopt;
    }
    const auto &others = there.consumers[twin.index()];
    const bool isStillThere = std::any_of(others.begin(), others.end(), [&](NodeId reader) {
        return there.families[reader.index()] == next;
    });
    return isStillThere ? std::nullopt : std::optional(made.front());
}

std::optional<ValueClassId> activationAfter(const GraphSide &here, ValueClassId id,
                                            const GraphSide &there, ValueClassId twin)
{
    return startsAtZero(there, twin) ? followsHereOnly(here, id, there, twin, {"relu", "clip"})
                                     : std::nullopt;
}

/// The convolution or product that makes the value, before its bias if that is an op of its own.
NodeId linearOpOf(const GraphSide &side, ValueClassId id)
{
    const NodeId producer = side.producer(id);
    if (!producer.isValid() || isLinear(side.families[producer.index()])) {
        return producer;
    }
    const auto &inputs = side.inputs[producer.index()];
    const NodeId before = inputs.size() == 1 ? side.producer(inputs.front()) : NodeId();
    return before.isValid() && isLinear(side.families[before.index()]) &&
                   isBiasAdd(side, producer, before)
               ? before
               : NodeId();
}

/// Whether a batch normalisation can be folded into what makes the value, and does not follow as a
/// product with one factor per channel.
bool canHoldNorm(const GraphSide &side, ValueClassId id)
{
    const NodeId linear = linearOpOf(side, id);
    if (!linear.isValid()) {
        return false;
    }
    const auto chain = linearChain(side, linear);
    return std::none_of(chain.begin(), chain.end(),
                        [](const ChainStep &step) { return step.isNormalized; });
}

} // namespace

std::optional<ValueClassId> swallowedActivation(const Pairing &pairing, ValueClassId r,
                                                ValueClassId c)
{
    const auto next = activationAfter(pairing.reference, r, pairing.candidate, c);
    return next && !pairing.isReferencePaired(*next) ? next : std::nullopt;
}

std::optional<ValueClassId> swallowedOp(const GraphSide &here, ValueClassId id,
                                        const GraphSide &there, ValueClassId twin)
{
    const auto activation = activationAfter(here, id, there, twin);
    if (activation || !canHoldNorm(there, twin)) {
        return activation;
    }
    return followsHereOnly(here, id, there, twin, {"batch_norm"});
}

} // namespace syncpoint
