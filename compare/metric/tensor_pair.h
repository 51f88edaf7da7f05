#pragma once
#include "compare/align/sync_point.h"
#include "compare/metric/measurement.h"
#include "core/base/job_context.h"
#include "core/tensor/tensor_store.h"

#include <memory>

namespace syncpoint {

/// One sample of one sync point: where both tensors are and how they compare.
struct TensorPair
{
    const TensorStore *referenceStore = nullptr;
    TensorId reference;
    const TensorStore *candidateStore = nullptr;
    TensorId candidate;
    Transform transform;
    /// Quantization from the graph, used when the store has none of its own.
    std::shared_ptr<const Quantization> referenceQuantization;
    std::shared_ptr<const Quantization> candidateQuantization;
    bool isModelOutput = false; ///< adds top-k agreement
};

/// The sums of one pair, read block by block so that memory stays O(block) and mapped pages are
/// given back. Bit-identical for any number of threads. A pair that cannot be compared yields the
/// state in `Measured::state` instead of sums; errors are for unreadable data only.
struct Measured
{
    std::optional<PairState>
        state; ///< set when there are no sums (RawQuantized, ShapeMismatch, NotNumeric)
    PairStatistics total;
    std::vector<PairStatistics>
        channels; ///< along channelAxis; empty for fewer than two or over 65536
    std::size_t channelAxis = 0;
};
Result<Measured> measurePair(const TensorPair &pair, const MetricSettings &settings,
                             const JobContext &job);

} // namespace syncpoint
