#include "compare/align/regions.h"

#include <algorithm>
#include <functional>

namespace syncpoint {
namespace {

/// One side, with the question "is this class paired, and with what" in its direction.
struct View
{
    const GraphSide &side;
    std::function<ValueClassId(ValueClassId)> partner;

    bool isPaired(ValueClassId id) const { return partner(id).isValid(); }
};

constexpr const char *kUnread = "nothing reads this value";
constexpr const char *kSeveralExits =
    "the other model has no such value, and more than one matched value depends on it";
constexpr const char *kOtherOperands =
    "it lies between matched values, but the two models read different values there";
constexpr const char *kNoExit =
    "the other model has no such value, and no matched value follows that would tell where it is";
constexpr const char *kGap =
    "it lies between matched values, but too many operations on both sides are unmatched there";
constexpr const char *kNoCounterpart =
    "the other model feeds the next operation directly: it has no such operation";

/// Where all ways forward from each unpaired class end. One pass backwards: classes are in
/// execution order.
AbsorbedClasses closeForward(const View &view)
{
    const std::size_t count = view.side.classCount();
    AbsorbedClasses result{std::vector<ValueClassId>(count), std::vector<std::string>(count)};
    for (std::size_t i = count; i-- > 0;) {
        const ValueClassId id{i};
        if (!view.side.isComputed(id) || view.isPaired(id)) {
            continue;
        }
        bool several = false;
        bool isOpen = view.side.isOutput[i]; // some way leads out of the graph unmatched
        ValueClassId exit;
        for (const NodeId reader : view.side.consumers[i]) {
            for (const ValueClassId made : view.side.outputs(reader)) {
                if (!view.isPaired(made) && view.side.consumers[made.index()].empty() &&
                    !view.side.isOutput[made.index()]) {
                    continue; // an optional output that nobody uses
                }
                const ValueClassId end = view.isPaired(made) ? made : result.exit[made.index()];
                isOpen = isOpen || !end.isValid();
                several = several || (exit.isValid() && end.isValid() && exit != end);
                exit = end.isValid() ? end : exit;
            }
        }
        if (several) {
            result.reason[i] = kSeveralExits;
        } else if (isOpen) {
            result.reason[i] = kNoExit;
        } else if (!exit.isValid()) {
            result.reason[i] = kUnread;
        } else {
            result.exit[i] = exit;
        }
    }
    return result;
}

/// The region behind each exit: its ops' classes, and the values it reads from outside, as classes
/// of the baseline where paired.
struct Region
{
    std::size_t ops = 1;
    std::vector<ValueClassId> entries; ///< sorted, unique
    bool readsUnpaired = false;
};

std::vector<Region> collect(const View &view, const AbsorbedClasses &closed,
                            const std::function<ValueClassId(ValueClassId)> &canonical)
{
    constexpr int kDeepest = 4;
    std::vector<Region> regions(view.side.classCount());
    std::function<void(ValueClassId, NodeId, int)> read = [&](ValueClassId exit, NodeId op,
                                                              int depth) {
        Region &region = regions[exit.index()];
        for (const ValueClassId input : view.side.inputs[op.index()]) {
            if (closed.exit[input.index()] == exit) {
                continue;
            }
            const NodeId before = view.side.producer(input);
            if (view.isPaired(input)) {
                region.entries.push_back(canonical(input));
            } else if (closed.reason[input.index()] == kSeveralExits && before.isValid() &&
                       depth < kDeepest) {
                read(exit, before, depth + 1); // several regions share it: it is part of each
            } else {
                region.readsUnpaired = true;
            }
        }
    };
    for (std::size_t i = 0; i < regions.size(); ++i) {
        const ValueClassId id{i};
        const NodeId producer = view.side.producer(id);
        if (!producer.isValid()) {
            continue;
        }
        if (view.isPaired(id)) {
            read(id, producer, 0);
        } else if (closed.exit[i].isValid()) {
            read(closed.exit[i], producer, 0);
            ++regions[closed.exit[i].index()].ops;
        }
    }
    for (Region &region : regions) {
        std::sort(region.entries.begin(), region.entries.end());
        region.entries.erase(std::unique(region.entries.begin(), region.entries.end()),
                             region.entries.end());
    }
    return regions;
}

/// Whether the ops of two regions can be forms of one operation. One op can stand for anything (a
/// compiled subgraph); a few against a moderate number are two decompositions of the same formula;
/// more is a gap in the alignment, which must stay visible.
bool areForms(std::size_t ops, std::size_t counterpart)
{
    constexpr std::size_t kFew = 4;
    constexpr std::size_t kModerate = 40;
    const auto [fewer, more] = std::minmax(ops, counterpart);
    return fewer == 1 || (fewer <= kFew && more <= kModerate);
}

/// Keeps absorbed what lies in a region that the other side covers with other ops; gives the rest a
/// reason.
void confirm(const View &own, const View &other, const std::vector<Region> &ownRegions,
             const std::vector<Region> &otherRegions, AbsorbedClasses &closed)
{
    for (std::size_t i = 0; i < closed.exit.size(); ++i) {
        const ValueClassId exit = closed.exit[i];
        if (!exit.isValid()) {
            continue;
        }
        const ValueClassId partner = own.partner(exit);
        const Region &region = ownRegions[exit.index()];
        const Region &counterpart = otherRegions[partner.index()];
        if (region.readsUnpaired || counterpart.readsUnpaired ||
            region.entries != counterpart.entries) {
            closed.reason[i] = kOtherOperands;
        } else if (!areForms(region.ops, counterpart.ops)) {
            closed.reason[i] = kGap;
        } else if (counterpart.ops == 1 && own.side.family(exit) != nullptr &&
                   own.side.family(exit) == other.side.family(partner)) {
            // The same last op and nothing else: the other model left this op out.
            closed.reason[i] = kNoCounterpart;
        }
        if (!closed.reason[i].empty()) {
            closed.exit[i] = ValueClassId{};
        }
    }
}

/// What several absorbed regions share is absorbed with them: nothing else is made from it.
void confirmShared(const View &view, AbsorbedClasses &closed)
{
    for (std::size_t i = closed.exit.size(); i-- > 0;) {
        if (closed.reason[i] != kSeveralExits || view.side.isOutput[i]) {
            continue;
        }
        ValueClassId exit;
        bool isAbsorbed = true;
        for (const NodeId reader : view.side.liveReaders(ValueClassId{i})) {
            for (const ValueClassId made : view.side.outputs(reader)) {
                exit = exit.isValid() ? exit : closed.exit[made.index()];
                isAbsorbed = isAbsorbed && closed.exit[made.index()].isValid();
            }
        }
        if (isAbsorbed && exit.isValid()) {
            closed.exit[i] = exit;
            closed.reason[i].clear();
        }
    }
}

} // namespace

Regions findRegions(const Pairing &pairing)
{
    const View reference{pairing.reference,
                         [&](ValueClassId r) { return pairing.partnerOfReference(r); }};
    const View candidate{pairing.candidate,
                         [&](ValueClassId c) { return pairing.partnerOfCandidate(c); }};
    Regions regions{closeForward(reference), closeForward(candidate)};
    const auto own = collect(reference, regions.reference, [](ValueClassId r) { return r; });
    const auto other = collect(candidate, regions.candidate,
                               [&](ValueClassId c) { return pairing.partnerOfCandidate(c); });
    confirm(reference, candidate, own, other, regions.reference);
    confirm(candidate, reference, other, own, regions.candidate);
    confirmShared(reference, regions.reference);
    confirmShared(candidate, regions.candidate);
    return regions;
}

} // namespace syncpoint
