#include "compare/align/other_branches.h"

#include <algorithm>

namespace syncpoint {

std::vector<bool> otherBranches(const Pairing &pairing, bool isReference)
{
    const GraphSide &side = isReference ? pairing.reference : pairing.candidate;
    const auto scopes = side.graph.scopes();
    std::vector<bool> hasPair(scopes.size());
    for (const ClassPair &pair : pairing.pairs()) {
        const ValueClassId id = isReference ? pair.reference : pair.candidate;
        if (side.isComputed(id)) {
            hasPair[side.graph.value(side.classes[id].root()).scope.index()] = true;
        }
    }
    for (std::size_t i = scopes.size(); i-- > 1;) { // a scope comes after the one it lies in
        const std::size_t parent = scopes[i].parent.index();
        hasPair[parent] = hasPair[parent] || hasPair[i];
    }
    std::vector<bool> result(scopes.size());
    for (std::size_t i = 1; i < scopes.size(); ++i) {
        const Node &owner = side.graph.node(scopes[i].owner);
        const bool hasPairedSibling =
            owner.opType == "If" &&
            std::any_of(owner.bodies.begin(), owner.bodies.end(),
                        [&](ScopeId body) { return hasPair[body.index()]; });
        result[i] = result[scopes[i].parent.index()] || (hasPairedSibling && !hasPair[i]);
    }
    return result;
}

} // namespace syncpoint
