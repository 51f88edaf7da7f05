#include "compare/align/name_votes.h"

#include <algorithm>

namespace syncpoint {
namespace {

struct Ranked
{
    ValueClassId reference, candidate;
    bool rootsAgree = false;
    bool sameFamily = false;
    const NameVote *vote = nullptr;
};

std::vector<Ranked> rank(const Pairing &pairing, const std::vector<NameVote> &votes)
{
    std::vector<Ranked> ranked;
    for (const NameVote &vote : votes) {
        Ranked entry;
        entry.reference = pairing.reference.classes.classOf(vote.reference);
        entry.candidate = pairing.candidate.classes.classOf(vote.candidate);
        entry.rootsAgree = pairing.reference.classes[entry.reference].root() == vote.reference &&
                           pairing.candidate.classes[entry.candidate].root() == vote.candidate;
        const OpFamily *family = pairing.reference.family(entry.reference);
        entry.sameFamily = family != nullptr && family == pairing.candidate.family(entry.candidate);
        entry.vote = &vote;
        ranked.push_back(entry);
    }
    // Roots before views. Of several baseline values that one candidate class is named after, the
    // last one computed: fusion and folding keep the last op's name.
    std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked &a, const Ranked &b) {
        if (a.vote->strength != b.vote->strength) {
            return a.vote->strength > b.vote->strength;
        }
        if (a.rootsAgree != b.rootsAgree) {
            return a.rootsAgree;
        }
        if (a.candidate == b.candidate) {
            return a.reference > b.reference;
        }
        return a.candidate < b.candidate;
    });
    return ranked;
}

/// The share of votes of one strength that the ops behind them do not contradict.
double trust(const Pairing &pairing, const std::vector<Ranked> &votes, NameStrength strength,
             bool sameFamily)
{
    std::size_t all = 0;
    std::size_t good = 0;
    for (const Ranked &entry : votes) {
        if (entry.vote->strength != strength || !pairing.reference.isComputed(entry.reference) ||
            !pairing.candidate.isComputed(entry.candidate)) {
            continue;
        }
        ++all;
        if (pairing.fits(entry.reference, entry.candidate) && (!sameFamily || entry.sameFamily)) {
            ++good;
        }
    }
    constexpr std::size_t kTooFew = 4; // one clash in a handful proves nothing
    return all < kTooFew ? 0.5 : static_cast<double>(good) / static_cast<double>(all);
}

bool isSupported(const Pairing &pairing, const Ranked &entry, bool trustsWeak)
{
    if (entry.vote->strength == NameStrength::Strong ||
        !pairing.reference.producer(entry.reference).isValid()) {
        return true;
    }
    if (!entry.sameFamily) {
        return false;
    }
    if (entry.vote->strength == NameStrength::Weak && trustsWeak) {
        return true;
    }
    const NodeId r = pairing.reference.producer(entry.reference);
    const NodeId c = pairing.candidate.producer(entry.candidate);
    const OperandAgreement operands = compareOperands(pairing, r, c);
    return operands.contradict == 0 && operands.agree > 0 &&
           operands.agree == pairing.reference.inputs[r.index()].size();
}

} // namespace

OperandAgreement compareOperands(const Pairing &pairing, NodeId r, NodeId c)
{
    OperandAgreement result;
    const auto &own = pairing.reference.inputs[r.index()];
    const auto &other = pairing.candidate.inputs[c.index()];
    if (own.size() != other.size()) {
        return result;
    }
    const OpFamily *family = pairing.reference.families[r.index()];
    const bool anyOrder = family != nullptr && family->commutative;
    for (std::size_t i = 0; i < own.size(); ++i) {
        const auto isPartner = [&](ValueClassId c2) { return pairing.agree(own[i], c2); };
        const bool agrees =
            anyOrder ? std::any_of(other.begin(), other.end(), isPartner) : isPartner(other[i]);
        const bool isTaken =
            pairing.isReferencePaired(own[i]) || (!anyOrder && pairing.isCandidatePaired(other[i]));
        result.agree += agrees ? 1U : 0U;
        result.contradict += !agrees && isTaken ? 1U : 0U;
    }
    return result;
}

void acceptVotes(Pairing &pairing, std::vector<NameVote> votes, const char *rule, double confidence)
{
    const std::vector<Ranked> ranked = rank(pairing, votes);
    constexpr double kAccident = 0.5; // below: names in common mean nothing
    constexpr double kReliable = 0.9; // from here: even bare numbers were kept on purpose
    if (trust(pairing, ranked, NameStrength::Strong, false) < kAccident) {
        return;
    }
    const bool trustsWeak = trust(pairing, ranked, NameStrength::Weak, true) >= kReliable;
    for (const Ranked &entry : ranked) {
        if (pairing.canPair(entry.reference, entry.candidate) &&
            isSupported(pairing, entry, trustsWeak)) {
            pairing.pair({entry.reference,
                          entry.candidate,
                          {rule, confidence, entry.vote->evidence},
                          {},
                          {}});
        }
    }
}

} // namespace syncpoint
