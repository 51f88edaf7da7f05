#include "compare/align/bridges.h"

#include <algorithm>
#include <set>

namespace syncpoint {
namespace {

constexpr std::size_t kMostSkipped = 2;
constexpr std::size_t kLargestFanOut = 32;

bool isPaired(const Pairing &pairing, bool isReference, ValueClassId id)
{
    return isReference ? pairing.isReferencePaired(id) : pairing.isCandidatePaired(id);
}

/// The value and what it is made from, as long as that is not paired and has one operand.
std::vector<ValueClassId> backwards(const Pairing &pairing, bool isReference, ValueClassId from)
{
    const GraphSide &side = isReference ? pairing.reference : pairing.candidate;
    std::vector<ValueClassId> way{from};
    while (way.size() <= kMostSkipped) {
        const ValueClassId at = way.back();
        const NodeId producer = side.producer(at);
        if (isPaired(pairing, isReference, at) || !producer.isValid() ||
            side.inputs[producer.index()].size() != 1 || side.outputs(producer).size() != 1) {
            break;
        }
        way.push_back(side.inputs[producer.index()].front());
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
    std::size_t begin = 0;
    for (std::size_t step = 0; step < kMostSkipped; ++step) {
        const std::size_t end = reached.size();
        for (; begin < end; ++begin) {
            const auto readers = side.readers(reached[begin]);
            if (readers.size() > kLargestFanOut) {
                continue;
            }
            for (const NodeId reader : readers) {
                const auto made = side.outputs(reader);
                if (made.size() == 1 && side.inputs[reader.index()].size() == 1 &&
                    !isPaired(pairing, isReference, made.front())) {
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
