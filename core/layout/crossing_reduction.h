#pragma once
#include "core/layout/proper_graph.h"

#include "core/base/job_context.h"

namespace syncpoint {

/// Pairs of arcs between neighbouring ranks that cross in the current order; arcs at different
/// ports of one vertex may cross, too.
std::uint64_t countCrossings(const ProperGraph &proper);

/// Reorders each rank: median sweeps down and up (E. Gansner et al., 1993), vertices sifted to
/// their best places after each; keeps the best order seen. Small graphs are tried from several
/// random orders, always the same ones. At most `rounds` sweeps, three times as many in small
/// graphs; returns early when the job is cancelled.
void reduceCrossings(ProperGraph &proper, std::uint32_t rounds, const JobContext &job);

} // namespace syncpoint
