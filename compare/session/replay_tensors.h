#pragma once
#include "compare/attribute/later_rounding.h"
#include "compare/attribute/replay_plan.h"
#include "compare/session/comparison_result.h"

namespace syncpoint {

/// The numbers of a point in the layout in which the baseline's op puts them out: from the
/// candidate's captured tensor, dequantized, after `later` rounding; integers that are no quantized
/// reals stay as they are.
Result<Tensor> candidateAtRoot(const ComparisonResult &result, SyncPointId id,
                               const ReplayRegion &region, std::span<const Rounding> later,
                               std::size_t sample);
/// The same from the baseline's captured tensor.
Result<Tensor> baselineAtRoot(const ComparisonResult &result, SyncPointId id,
                              const ReplayRegion &region, std::size_t sample);

} // namespace syncpoint
