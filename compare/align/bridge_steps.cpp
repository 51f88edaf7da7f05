#include "compare/align/bridges.h"
#include "compare/align/op_fit.h"
#include "compare/align/propagation_steps.h"

#include <algorithm>

namespace syncpoint {
namespace {

/// The ops without pairs that read one of the values.
template <typename IsPaired>
std::vector<NodeId> openOps(const GraphSide &side, const std::vector<ValueClassId> &values,
                            IsPaired isPaired)
{
    std::vector<NodeId> ops;
    for (const ValueClassId value : values) {
        for (const NodeId reader : side.readers(value)) {
            const auto outputs = side.outputs(reader);
            if (!outputs.empty() && !isPaired(outputs.front())) {
                ops.push_back(reader);
            }
        }
    }
    std::sort(ops.begin(), ops.end());
    ops.erase(std::unique(ops.begin(), ops.end()), ops.end());
    return ops;
}

/// The op at the smallest distance; invalid when none is near or two are equally near.
template <typename Distance>
NodeId onlyNearest(const std::vector<NodeId> &ops, Distance distance)
{
    NodeId nearest;
    std::size_t least = SIZE_MAX;
    for (const NodeId op : ops) {
        const std::size_t found = distance(op);
        if (found < least) {
            least = found;
            nearest = op;
        } else if (found == least) {
            nearest = NodeId{};
        }
    }
    return nearest;
}

} // namespace

Conclusions followBridges(const Pairing &pairing, ValueClassId r, ValueClassId c)
{
    const auto own = openOps(pairing.reference, reachable(pairing, true, r),
                             [&](ValueClassId id) { return pairing.isReferencePaired(id); });
    const auto other = openOps(pairing.candidate, reachable(pairing, false, c),
                               [&](ValueClassId id) { return pairing.isCandidatePaired(id); });
    Conclusions found;
    if (own.size() > kLargestFanOut || other.size() > kLargestFanOut) {
        return found;
    }
    const auto distance = [&](NodeId op, NodeId twin) -> std::size_t {
        if (!opsFit(pairing, op, twin) || !outputsFree(pairing, op, twin) ||
            !followsAlike(pairing, pairing.reference.outputs(op).front(),
                          pairing.candidate.outputs(twin).front())) {
            return SIZE_MAX;
        }
        return skippedBefore(pairing, op, twin).value_or(SIZE_MAX);
    };
    for (const NodeId op : own) {
        const NodeId twin = onlyNearest(other, [&](NodeId reader) { return distance(op, reader); });
        if (twin.isValid() &&
            onlyNearest(own, [&](NodeId reader) { return distance(reader, twin); }) == op) {
            const auto results = resultsOf(pairing, op, twin, 0.7,
                                           "same operation after an inserted or removed one");
            found.insert(found.end(), results.begin(), results.end());
        }
    }
    return found;
}

} // namespace syncpoint
