#include "compare/align/pairing.h"
#include "compare/align/linear_chain.h"

#include <algorithm>

namespace syncpoint {
namespace {

/// Inputs of known types that no cast or quantizer explains: reals are not indices.
bool inputsFit(const GraphSide &reference, ValueClassId r, const GraphSide &candidate,
               ValueClassId c)
{
    const Value &own = reference.graph.value(reference.classes[r].root());
    const Value &other = candidate.graph.value(candidate.classes[c].root());
    const auto isWide = [](DType dtype) { return dtype == DType::Int64 || dtype == DType::Int32; };
    return !(isFloat(own.dtype) && isWide(other.dtype)) &&
           !(isWide(own.dtype) && isFloat(other.dtype));
}

/// A model cut out of another one reads as an input what the other one computes.
bool isCut(const GraphSide &reference, ValueClassId r, const GraphSide &candidate, ValueClassId c)
{
    const auto wanted = reference.elements(r);
    return wanted && wanted == candidate.elements(c) && inputsFit(reference, r, candidate, c);
}

} // namespace

bool Pairing::fits(ValueClassId r, ValueClassId c) const
{
    if (!reference.isData(r) || !candidate.isData(c) || m_forbidden.contains({r, c})) {
        return false;
    }
    const bool isOwnInput = !reference.producer(r).isValid();
    const bool isOtherInput = !candidate.producer(c).isValid();
    if (isOwnInput != isOtherInput) {
        return isCut(reference, r, candidate, c);
    }
    if (isOwnInput && !inputsFit(reference, r, candidate, c)) {
        return false;
    }
    const OpFamily *family = reference.family(r);
    const bool isRectified = family != nullptr &&
                             (family->name == "relu" || family->name == "clip") &&
                             startsAtZero(candidate, c);
    if (!canShareExit(family, candidate.family(c)) && !isRectified) {
        return false;
    }
    const auto wanted = reference.elements(r);
    const auto found = candidate.elements(c);
    return !wanted || !found || *wanted == *found;
}

bool Pairing::canPair(ValueClassId r, ValueClassId c) const
{
    return !isReferencePaired(r) && !isCandidatePaired(c) && fits(r, c);
}

bool Pairing::agree(ValueClassId r, ValueClassId c) const
{
    const auto isPartner = [&](ValueClassId own) {
        const ValueClassId partner = partnerOfReference(own);
        return partner.isValid() && candidate.holdSameNumbers(partner, c);
    };
    if (isPartner(r)) {
        return true;
    }
    const ValueClassId first = reference.twins[r.index()];
    const auto repeats = reference.repeats.find(first);
    return repeats != reference.repeats.end() &&
           (isPartner(first) ||
            std::any_of(repeats->second.begin(), repeats->second.end(), isPartner));
}

void Pairing::pair(ClassPair pair)
{
    m_partnerOfReference[pair.reference.index()] = {m_pairs.size(), pair.candidate};
    m_partnerOfCandidate[pair.candidate.index()] = pair.reference;
    m_pairs.emplace_back(std::move(pair));
}

void Pairing::unpair(ValueClassId r)
{
    auto &[position, partner] = m_partnerOfReference[r.index()];
    m_partnerOfCandidate[partner.index()] = ValueClassId{};
    m_pairs[position].reset();
    partner = ValueClassId{};
}

std::vector<ClassPair> Pairing::pairs() const
{
    std::vector<ClassPair> result;
    for (const auto &pair : m_pairs) {
        if (pair) {
            result.push_back(*pair);
        }
    }
    return result;
}

} // namespace syncpoint
