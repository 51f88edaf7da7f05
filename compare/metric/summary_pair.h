#pragma once
#include "compare/metric/tensor_pair.h"
#include "core/tensor/summary_store.h"

namespace syncpoint {

/// Whether a side of the pair is a summary, so that there are no elements to compare.
bool hasSummary(const TensorPair &pair);

/// The sums of the smallest error that agrees with both summaries of `elements` numbers each; see
/// "States" in docs/metrics.md.
PairStatistics boundsOf(const TensorSummary &reference, const TensorSummary &candidate,
                        std::uint64_t elements);

/// measurePair() for a pair that hasSummary(); a side that has its elements is summed up first. The
/// order of elements does not matter to a summary: only the transform's type is looked at.
Result<Measured> measureSummaries(const TensorPair &pair, const MetricSettings &settings,
                                  const JobContext &job);

} // namespace syncpoint
