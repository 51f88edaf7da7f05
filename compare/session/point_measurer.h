#pragma once
#include "compare/metric/tensor_pair.h"
#include "compare/session/comparison_result.h"
#include "compare/session/value_tensors.h"
#include "core/base/job_context.h"

namespace syncpoint {

/// Scores one sync point over all samples, measured in order so that only one histogram exists at a
/// time.
class PointMeasurer
{
public:
    /// Which tensor stands for a value: locateValue, or locatePlainOutput.
    using Locate = std::optional<ValueLocation> (*)(const ComparedSide &, ValueId, std::size_t);

    /// `result` gives alignment, sides, settings and profile; it must outlive this object.
    PointMeasurer(const ComparisonResult &result, SyncPointId id, Locate locate);

    /// Status, scores and severity. An unreadable tensor is a diagnostic; fails only on cancel.
    Result<PointResult> measure(const JobContext &job, Diagnostics &diagnostics);

private:
    std::optional<TensorPair> pairOf(std::size_t sample);
    void add(const Measured &measured);
    void mergeChannels(const Measured &measured);
    void finish();
    void judgeNoise();
    void keepChannels();

    const ComparisonResult &m_result;
    const SyncPoint &m_point;
    Locate m_locate;
    PointResult m_out;
    PairStatistics m_total;
    std::vector<PairStatistics> m_channels;
    std::size_t m_channelAxis = 0;
};

} // namespace syncpoint
