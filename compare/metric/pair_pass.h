#pragma once
#include "compare/metric/tensor_pair_plan.h"
#include "core/base/job_context.h"

#include <functional>
#include <span>
#include <vector>

namespace syncpoint {

struct PassOptions
{
    PairAccumulator::Options accumulate;
    bool sumsOnly = false; ///< neither integer mismatches nor saturation: they are known already
};

struct PassResult
{
    PairStatistics total;
    std::vector<ChannelSums> channels;
};

/// Reads all elements, in parallel by chunks that depend on the size only, and merges the chunks in
/// order.
Result<PassResult> runPass(const TensorPairPlan &plan, const PassOptions &options,
                           const JobContext &job);
/// The same over about 64 000 elements in parts spread over the tensor.
Result<PassResult> runPilot(const TensorPairPlan &plan, const JobContext &job);

/// Calls `visit(reference, candidate)` with both sides as doubles, in order, `step` elements at a
/// time (a multiple of 4 unless it covers the tensor), the rest last.
Result<void>
forEachDouble(const TensorPairPlan &plan, std::uint64_t step, const JobContext &job,
              const std::function<void(std::span<const double>, std::span<const double>)> &visit);

} // namespace syncpoint
