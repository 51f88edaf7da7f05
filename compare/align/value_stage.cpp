#include "compare/align/stage.h"
#include "compare/align/value_fingerprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>

namespace syncpoint {
namespace {

struct Fingerprinted
{
    ValueClassId id;
    ValueFingerprint fingerprint;
};

/// By element count.
using Buckets = std::map<std::uint64_t, std::vector<Fingerprinted>>;

constexpr double kAlike = 0.05; ///< standard deviations; int8 activations stay below 0.03
constexpr double kOther = 0.5;  ///< nothing like it

/// The class's numbers: of the first member that was captured as reals in its own order.
std::optional<std::vector<float>> numbersOf(const GraphSide &side, ValueClassId id,
                                            const CapturedValues::Read &read)
{
    constexpr std::uint64_t kMost = 1U << 22U; // 16 MiB of floats
    for (const ClassMember &member : side.classes[id].members) {
        if (member.role != MemberRole::Quantized && !member.isBlocked) {
            if (auto numbers = read(member.value, kMost)) {
                return numbers;
            }
        }
    }
    return std::nullopt;
}

void add(const GraphSide &side, ValueClassId id, const CapturedValues::Read &read, Buckets &buckets)
{
    auto numbers = numbersOf(side, id, read);
    if (!numbers) {
        return;
    }
    const std::uint64_t count = numbers->size();
    if (const auto fingerprint = fingerprintOf(*std::move(numbers))) {
        buckets[count].push_back({id, *fingerprint});
    }
}

template <typename IsPaired>
Buckets openValues(const GraphSide &side, const CapturedValues::Read &read, IsPaired isPaired)
{
    constexpr std::size_t kMost = 4096;
    Buckets buckets;
    std::size_t seen = 0;
    for (std::size_t i = 0; i < side.classCount() && seen < kMost; ++i) {
        const ValueClassId id{i};
        if (side.isComputed(id) && side.isUsed[i] && !isPaired(id)) {
            ++seen;
            add(side, id, read, buckets);
        }
    }
    return buckets;
}

/// The one of `others` that is alike and fits, if nothing else that fits comes near; null without.
template <typename Fits>
const Fingerprinted *onlyAlike(const Fingerprinted &one, const std::vector<Fingerprinted> &others,
                               Fits fits)
{
    constexpr double kMargin = 3.0;
    const Fingerprinted *best = nullptr;
    double least = kOther;
    double second = kOther;
    for (const Fingerprinted &other : others) {
        const double distance = fingerprintDistance(one.fingerprint, other.fingerprint);
        if (distance >= second || !fits(other.id)) {
            continue;
        }
        second = distance < least ? least : distance;
        best = distance < least ? &other : best;
        least = std::min(least, distance);
    }
    const bool isClear = least < kAlike && second > kAlike && second > kMargin * least;
    return isClear ? best : nullptr;
}

/// Where values of both sides were captured: pairs what nothing else told apart, and warns where a
/// name and the numbers disagree. Never overrides another stage: a really broken op would not match
/// by value.
class ValueStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "values"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &job) const override
    {
        const CapturedValues &values = pairing.values;
        if (!values.areThere()) {
            return {};
        }
        const Buckets own = openValues(pairing.reference, values.reference, [&](ValueClassId r) {
            return pairing.isReferencePaired(r);
        });
        const Buckets other = openValues(pairing.candidate, values.candidate, [&](ValueClassId c) {
            return pairing.isCandidatePaired(c);
        });
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        warnOfNames(pairing, other);
        for (const auto &[elements, mine] : own) {
            if (const auto theirs = other.find(elements); theirs != other.end()) {
                pairAlike(pairing, mine, theirs->second);
            }
        }
        return {};
    }

private:
    static void pairAlike(Pairing &pairing, const std::vector<Fingerprinted> &own,
                          const std::vector<Fingerprinted> &other)
    {
        constexpr double kConfidence = 0.7;
        for (const Fingerprinted &one : own) {
            const Fingerprinted *twin =
                onlyAlike(one, other, [&](ValueClassId c) { return pairing.canPair(one.id, c); });
            const Fingerprinted *back =
                twin == nullptr ? nullptr : onlyAlike(*twin, own, [&](ValueClassId r) {
                    return pairing.canPair(r, twin->id);
                });
            if (back != nullptr && back->id == one.id) {
                pairing.pair({one.id,
                              twin->id,
                              {"value", kConfidence,
                               "the captured numbers are distributed alike, and no others are"},
                              {},
                              {}});
            }
        }
    }

    /// A pair by name whose numbers have nothing in common, while an unpaired value has them.
    static void warnOfNames(Pairing &pairing, const Buckets &open)
    {
        for (const ClassPair &pair : pairing.pairs()) {
            const bool isByName = pair.match.rule == "exact_name" || pair.match.rule == "name_rule";
            const auto elements = pairing.reference.elements(pair.reference);
            const auto others = elements ? open.find(*elements) : open.end();
            if (!isByName || others == open.end() ||
                !pairing.reference.isComputed(pair.reference)) {
                continue;
            }
            Buckets mine;
            Buckets named;
            add(pairing.reference, pair.reference, pairing.values.reference, mine);
            add(pairing.candidate, pair.candidate, pairing.values.candidate, named);
            if (mine.empty() || named.empty()) {
                continue;
            }
            const Fingerprinted &one = mine.begin()->second.front();
            if (fingerprintDistance(one.fingerprint, named.begin()->second.front().fingerprint) <
                kOther) {
                continue;
            }
            const Fingerprinted *better = onlyAlike(one, others->second, [&](ValueClassId c) {
                return pairing.fits(pair.reference, c);
            });
            if (better != nullptr) {
                warn(pairing, pair, better->id);
            }
        }
    }

    static void warn(Pairing &pairing, const ClassPair &pair, ValueClassId better)
    {
        const auto nameOf = [](const GraphSide &side, ValueClassId id) {
            return side.graph.qualifiedName(side.classes[id].root());
        };
        pairing.diagnostics.push_back(
            {Diagnostic::Severity::Warning, nameOf(pairing.reference, pair.reference),
             fmt::format("is compared with '{}' because of its name, but the numbers of '{}' are "
                         "like it and those are not: pin the right one in the map",
                         nameOf(pairing.candidate, pair.candidate),
                         nameOf(pairing.candidate, better))});
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeValueStage()
{
    return std::make_unique<ValueStage>();
}

} // namespace syncpoint
