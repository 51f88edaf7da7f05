#pragma once
#include "compare/metric/pair_pass.h"

#include <optional>

namespace syncpoint {

/// Shares of the rows along the last axis.
struct TopAgreement
{
    std::optional<double> top1; ///< rows whose largest element is at the same place
    std::optional<double> top5; ///< mean overlap of the five largest; rows of more than five only
};
/// Nothing for rows shorter than 2 or longer than a million elements. Of equal values the first is
/// the larger one; NaN is smaller than every number.
Result<TopAgreement> topAgreement(const TensorPairPlan &plan, const JobContext &job);

/// Σ p·ln(p/q) over 256 bins between the smallest and the largest finite value of both sides; p of
/// the reference, q of the candidate, of at least half a count so that it is finite. Nothing when
/// no value is finite or all are equal.
Result<std::optional<double>> klDivergence(const TensorPairPlan &plan, const PairStatistics &sums,
                                           const JobContext &job);

} // namespace syncpoint
