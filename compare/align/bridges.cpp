#include "compare/align/bridges.h"

#include <algorithm>
#include <set>

namespace syncpoint {
namespace {

constexpr std::size_t kMostSkipped = 2; ///< ops or residual blocks
constexpr std::size_t kMostSteps = 4;   ///< ops in a row within those
constexpr std::size_t kMostReadersAcross = 32;

bool isPaired(const Pairing &pairing, bool isReference, ValueClassId id)
{
    return isReference ? pairing.isReferencePaired(id) : pairing.isCandidatePaired(id);
}

/// Whether `from` is made from `source` by unpaired ops of one operand each.
bool isMadeFrom(const Pairing &pairing, bool isReference, ValueClassId from, ValueClassId source)
{
    constexpr int kLongestBranch = 4;
    const GraphSide &side = isReference ? pairing.reference : pairing.candidate;
    for (int step = 0; step < kLongestBranch && from != source; ++step) {
        const NodeId producer = side.producer(from);
        if (isPaired(pairing, isReference, from) || !producer.isValid() ||
            side.inputs[producer.index()].size() != 1) {
            return false;
        }
        from = side.inputs[producer.index()].front();
    }
    return from == source;
}

/// What a value is before the op or the residual block that makes it: the only operand, or the one
/// that all other operands are made from. Nothing when there is no such value.
std::optional<ValueClassId> beforeOp(const Pairing &pairing, bool isReference, NodeId op)
{
    const GraphSide &side = isReference ? pairing.reference : pairing.candidate;
    const auto &inputs = side.inputs[op.index()];
    constexpr std::size_t kMostOperands = 4;
    for (const ValueClassId source : inputs) {
        if (inputs.size() <= kMostOperands &&
            std::all_of(inputs.begin(), inputs.end(), [&](ValueClassId input) {
                return isMadeFrom(pairing, isReference, input, source);
            })) {
            return source;
        }
    }
    return std::nullopt;
}

/// The value and what it is made from, as long as that is not paired.
std::vector<ValueClassId> backwards(const Pairing &pairing, bool isReference, ValueClassId from)
{
    const GraphSide &side = isReference ? pairing.reference : pairing.candidate;
    std::vector<ValueClassId> way{from};
    while (way.size() <= kMostSkipped) {
        const NodeId producer = side.producer(way.back());
        if (isPaired(pairing, isReference, way.back()) || !producer.isValid() ||
            side.outputs(producer).size() != 1) {
            break;
        }
        const auto before = beforeOp(pairing, isReference, producer);
        if (!before) {
            break;
        }
        way.push_back(*before);
    }
    return way;
}

std::optional<std::size_t> skippedBetween(const Pairing &pairing, ValueClassId r, ValueClassId c)
{
    const auto own = backwards(pairing, true, r);
    const auto other = backwards(pairing, false, c);
    std::optional<std::size_t> fewest;
    for (std::size_t i = 0; i < own.size(); ++i) {
        for (std::size_t j = 0; j < other.size(); ++j) {
            if (pairing.agree(own[i], other[j]) && (!fewest || i + j < *fewest)) {
                fewest = i + j;
            }
        }
    }
    return fewest;
}

std::set<const OpFamily *> readersOf(const GraphSide &side, ValueClassId value, bool goesOn)
{
    std::set<const OpFamily *> families;
    for (const NodeId reader : side.readers(value)) {
        families.insert(side.families[reader.index()]);
        const auto made = side.outputs(reader);
        if (goesOn && made.size() == 1 && side.inputs[reader.index()].size() == 1) {
            for (const NodeId next : side.readers(made.front())) {
                families.insert(side.families[next.index()]);
            }
        }
    }
    families.erase(nullptr);
    return families;
}

bool overlap(const std::set<const OpFamily *> &a, const std::set<const OpFamily *> &b)
{
    return std::any_of(a.begin(), a.end(),
                       [&](const OpFamily *family) { return b.contains(family); });
}

} // namespace

std::optional<std::size_t> skippedBefore(const Pairing &pairing, NodeId r, NodeId c)
{
    const auto &own = pairing.reference.inputs[r.index()];
    const auto &other = pairing.candidate.inputs[c.index()];
    const OpFamily *family = pairing.reference.families[r.index()];
    const bool anyOrder = family != nullptr && family->commutative;
    std::size_t total = 0;
    for (std::size_t i = 0; i < own.size(); ++i) {
        std::optional<std::size_t> best;
        for (std::size_t j = anyOrder ? 0 : i; j < (anyOrder ? other.size() : i + 1); ++j) {
            const auto skipped = skippedBetween(pairing, own[i], other[j]);
            best = skipped && (!best || *skipped < *best) ? skipped : best;
        }
        if (!best) {
            return std::nullopt;
        }
        total += *best;
    }
    return total;
}

std::vector<ValueClassId> reachable(const Pairing &pairing, bool isReference, ValueClassId from)
{
    const GraphSide &side = isReference ? pairing.reference : pairing.candidate;
    std::vector<ValueClassId> reached{from};
    std::set<ValueClassId> known{from};
    std::size_t begin = 0;
    for (std::size_t step = 0; step < kMostSteps; ++step) {
        const std::size_t end = reached.size();
        for (; begin < end; ++begin) {
            const auto readers = side.readers(reached[begin]);
            if (readers.size() > kMostReadersAcross) {
                continue;
            }
            for (const NodeId reader : readers) {
                const auto made = side.outputs(reader);
                const auto &read = side.inputs[reader.index()];
                if (made.size() == 1 && !isPaired(pairing, isReference, made.front()) &&
                    std::all_of(read.begin(), read.end(),
                                [&](ValueClassId input) { return known.contains(input); }) &&
                    known.insert(made.front()).second) {
                    reached.push_back(made.front());
                }
            }
        }
    }
    return reached;
}

bool followsAlike(const Pairing &pairing, ValueClassId r, ValueClassId c)
{
    const bool ends =
        pairing.reference.isOutput[r.index()] && pairing.candidate.isOutput[c.index()];
    return ends ||
           overlap(readersOf(pairing.reference, r, false), readersOf(pairing.candidate, c, true)) ||
           overlap(readersOf(pairing.reference, r, true), readersOf(pairing.candidate, c, false));
}

} // namespace syncpoint
