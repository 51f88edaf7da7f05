#include "compare/metric/pair_statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace syncpoint {
namespace {

void addCounts(NonfiniteCounts &to, const NonfiniteCounts &from)
{
    to.nan += from.nan;
    to.positiveInf += from.positiveInf;
    to.negativeInf += from.negativeInf;
}

std::optional<double> weightedMean(const std::optional<double> &a, std::uint64_t weightA,
                                   const std::optional<double> &b, std::uint64_t weightB)
{
    if (!a || weightA == 0) {
        return b;
    }
    if (!b || weightB == 0) {
        return a;
    }
    const auto wa = static_cast<double>(weightA);
    const auto wb = static_cast<double>(weightB);
    return (*a * wa + *b * wb) / (wa + wb);
}

/// The middle of a histogram bin.
double binCentre(std::size_t bin)
{
    const auto bits = (static_cast<std::uint32_t>(bin) << 16) | 0x8000U;
    return bin == 0 ? 0.0 : static_cast<double>(std::bit_cast<float>(bits));
}

} // namespace

std::optional<double> PairStatistics::absErrorQuantile(double share) const
{
    if (absErrorHistogram.empty() || count == 0) {
        return std::nullopt;
    }
    // Counted from the top: the lower bins of a large tensor may be estimates, the upper are not.
    const auto rank = std::max(1.0, std::ceil(share * static_cast<double>(count)));
    auto above = count - std::min(count, static_cast<std::uint64_t>(rank));
    for (std::size_t bin = absErrorHistogram.size(); bin-- > 0;) {
        if (absErrorHistogram[bin] > above) {
            const bool isLast = bin + 1 == absErrorHistogram.size();
            const bool isLargest = isLast && above == 0;
            return isLargest ? maxAbsE : std::min(binCentre(bin), maxAbsE);
        }
        above -= absErrorHistogram[bin];
    }
    return 0.0;
}

void PairStatistics::merge(const PairStatistics &other, std::uint64_t offset)
{
    top1Agreement = weightedMean(top1Agreement, total, other.top1Agreement, other.total);
    top5Agreement = weightedMean(top5Agreement, total, other.top5Agreement, other.total);
    klDivergence = weightedMean(klDivergence, count, other.klDivergence, other.count);
    if (other.meanScale > 0) {
        const double scale = meanScale > 0 ? meanScale : other.meanScale;
        meanScale = *weightedMean(scale, count, other.meanScale, other.count);
    }
    if (other.maxAbsE > maxAbsE) {
        maxAbsE = other.maxAbsE;
        maxAbsIndex = other.maxAbsIndex + offset;
    }
    if (!firstMismatchIndex && other.firstMismatchIndex) {
        firstMismatchIndex = *other.firstMismatchIndex + offset;
    }
    exactTypes = total == 0 ? other.exactTypes : exactTypes && (other.exactTypes || !other.total);
    isBound = isBound || other.isBound;
    count += other.count;
    total += other.total;
    sumR += other.sumR;
    sumC += other.sumC;
    sumE += other.sumE;
    sumRR += other.sumRR;
    sumCC += other.sumCC;
    sumRC += other.sumRC;
    sumEE += other.sumEE;
    sumAbsE += other.sumAbsE;
    minR = std::min(minR, other.minR);
    maxR = std::max(maxR, other.maxR);
    minC = std::min(minC, other.minC);
    maxC = std::max(maxC, other.maxC);
    maxRel = std::max(maxRel, other.maxRel);
    sumRel += other.sumRel;
    tau = std::max(tau, other.tau);
    violations += other.violations;
    mismatches += other.mismatches;
    saturated += other.saturated;
    hasSaturation = hasSaturation || other.hasSaturation;
    ulpMax = std::max(ulpMax, other.ulpMax);
    hasUlp = hasUlp || other.hasUlp;
    sumLsb2 += other.sumLsb2;
    addCounts(reference, other.reference);
    addCounts(candidate, other.candidate);
    nonfiniteEqual += other.nonfiniteEqual;
    nonfiniteMismatch += other.nonfiniteMismatch;
    if (absErrorHistogram.size() < other.absErrorHistogram.size()) {
        absErrorHistogram.resize(other.absErrorHistogram.size());
    }
    for (std::size_t bin = 0; bin < other.absErrorHistogram.size(); ++bin) {
        absErrorHistogram[bin] += other.absErrorHistogram[bin];
    }
}

} // namespace syncpoint
