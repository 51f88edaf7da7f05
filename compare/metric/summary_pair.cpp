#include "compare/metric/summary_pair.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace syncpoint {
namespace {

std::array<double, 4> numbersOf(const TensorSummary &summary)
{
    return {summary.min, summary.max, summary.mean, summary.norm};
}

bool isFinite(const TensorSummary &summary)
{
    const auto numbers = numbersOf(summary);
    return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

/// Integers up to 32 bits are codes of unknown scale; their summary cannot be dequantized.
bool isCode(const TensorInfo &info)
{
    return isInteger(info.dtype) && bitWidth(info.dtype) <= 32;
}

std::optional<PairState> stateOf(const TensorEntry &reference, const TensorEntry &candidate)
{
    if (!isNumeric(reference.info.dtype) || !isNumeric(candidate.info.dtype)) {
        return PairState::NotNumeric;
    }
    if (isCode(reference.info) != isCode(candidate.info)) {
        return PairState::RawQuantized;
    }
    return reference.info.elements() == candidate.info.elements()
               ? std::nullopt
               : std::optional(PairState::ShapeMismatch);
}

/// The summary of a side: its own, or that of its elements.
Result<TensorSummary> ownOrTaken(const TensorStore &store, TensorId id,
                                 const std::shared_ptr<const Quantization> &quantization,
                                 const MetricSettings &settings, const JobContext &job)
{
    if (const auto own = summaryOf(store, id)) {
        return *own;
    }
    TensorPair itself;
    itself.referenceStore = itself.candidateStore = &store;
    itself.reference = itself.candidate = id;
    itself.referenceQuantization = itself.candidateQuantization = quantization;
    const auto measured = measurePair(itself, settings, job);
    if (!measured) {
        return measured.error();
    }
    const PairStatistics &sums = measured->total;
    const bool isWhole = sums.count == sums.total && sums.count > 0;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return isWhole
               ? TensorSummary{sums.minR, sums.maxR, sums.sumR / static_cast<double>(sums.count),
                               std::sqrt(sums.sumRR)}
               : TensorSummary{nan, nan, nan, nan};
}

} // namespace

bool hasSummary(const TensorPair &pair)
{
    return summaryOf(*pair.referenceStore, pair.reference) ||
           summaryOf(*pair.candidateStore, pair.candidate);
}

PairStatistics boundsOf(const TensorSummary &reference, const TensorSummary &candidate,
                        std::uint64_t elements)
{
    PairStatistics sums;
    sums.isBound = true;
    sums.total = elements;
    if (!isFinite(reference) || !isFinite(candidate)) {
        const bool both = !isFinite(reference) && !isFinite(candidate);
        sums.nonfiniteMismatch = both || elements == 0 ? 0 : 1;
        return sums;
    }
    const auto n = static_cast<double>(elements);
    const double extremes =
        std::max(std::abs(candidate.max - reference.max), std::abs(candidate.min - reference.min));
    sums.count = elements;
    sums.sumR = n * reference.mean;
    sums.sumC = n * candidate.mean;
    sums.sumE = n * (candidate.mean - reference.mean);
    sums.sumRR = reference.norm * reference.norm;
    sums.sumCC = candidate.norm * candidate.norm;
    const double norm = std::max({std::abs(candidate.norm - reference.norm), extremes,
                                  std::sqrt(n) * std::abs(candidate.mean - reference.mean)});
    sums.sumEE = norm * norm;
    sums.sumRC = (sums.sumRR + sums.sumCC - sums.sumEE) / 2.0;
    sums.maxAbsE = std::max(extremes, n > 0.0 ? norm / std::sqrt(n) : 0.0);
    sums.sumAbsE = std::max(std::abs(sums.sumE), norm); // a 1-norm is no less than the 2-norm
    sums.minR = reference.min;
    sums.maxR = reference.max;
    sums.minC = candidate.min;
    sums.maxC = candidate.max;
    return sums;
}

Result<Measured> measureSummaries(const TensorPair &pair, const MetricSettings &settings,
                                  const JobContext &job)
{
    const TensorEntry &reference = pair.referenceStore->entry(pair.reference);
    const TensorEntry &candidate = pair.candidateStore->entry(pair.candidate);
    Measured measured;
    measured.state = stateOf(reference, candidate);
    const bool bothSummaries = summaryOf(*pair.referenceStore, pair.reference) &&
                               summaryOf(*pair.candidateStore, pair.candidate);
    if (!measured.state && !bothSummaries && !isFloat(reference.info.dtype)) {
        measured.state = PairState::RawQuantized; // integers are compared exactly or not at all
    }
    if (measured.state) {
        return measured;
    }
    const auto left =
        ownOrTaken(*pair.referenceStore, pair.reference, pair.referenceQuantization, settings, job);
    const auto right =
        ownOrTaken(*pair.candidateStore, pair.candidate, pair.candidateQuantization, settings, job);
    if (!left || !right) {
        return left ? right.error() : left.error();
    }
    measured.total = boundsOf(*left, *right, reference.info.elements());
    return measured;
}

} // namespace syncpoint
