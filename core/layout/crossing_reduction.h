#pragma once
#include "core/layout/proper_graph.h"

#include "core/base/job_context.h"

namespace syncpoint {

/// Pairs of arcs between neighbouring ranks that cross in the current order.
std::uint64_t countCrossings(const ProperGraph &proper);

/// Reorders each rank: median sweeps down and up, neighbours swapped while that helps; keeps the
/// best order seen. At most `rounds` rounds; returns early when the job is cancelled.
void reduceCrossings(ProperGraph &proper, std::uint32_t rounds, const JobContext &job);

} // namespace syncpoint
