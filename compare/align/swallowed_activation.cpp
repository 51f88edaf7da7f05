#include "compare/align/swallowed_activation.h"
#include "compare/align/linear_chain.h"

#include <algorithm>

namespace syncpoint {
namespace {

/// The unpaired result of the only op that reads `r`, if that op is of another family and nothing
/// like it reads `c`.
std::optional<ValueClassId> followsHereOnly(const Pairing &pairing, ValueClassId r, ValueClassId c,
                                            std::initializer_list<std::string_view> families)
{
    const GraphSide &side = pairing.reference;
    const auto readers = side.liveReaders(r);
    if (readers.size() != 1 || side.isOutput[r.index()]) {
        return std::nullopt;
    }
    const OpFamily *next = side.families[readers.front().index()];
    const auto made = side.outputs(readers.front());
    if (next == nullptr || next == side.family(r) || made.empty() ||
        pairing.isReferencePaired(made.front()) ||
        std::find(families.begin(), families.end(), next->name) == families.end()) {
        return std::nullopt;
    }
    const auto &others = pairing.candidate.consumers[c.index()];
    const bool isStillThere = std::any_of(others.begin(), others.end(), [&](NodeId reader) {
        return pairing.candidate.families[reader.index()] == next;
    });
    return isStillThere ? std::nullopt : std::optional(made.front());
}

} // namespace

std::optional<ValueClassId> swallowedActivation(const Pairing &pairing, ValueClassId r,
                                                ValueClassId c)
{
    return startsAtZero(pairing.candidate, c) ? followsHereOnly(pairing, r, c, {"relu", "clip"})
                                              : std::nullopt;
}

std::optional<ValueClassId> swallowedNorm(const Pairing &pairing, ValueClassId r, ValueClassId c)
{
    return followsHereOnly(pairing, r, c, {"batch_norm"});
}

} // namespace syncpoint
