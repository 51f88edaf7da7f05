#pragma once
#include "compare/attribute/attribution.h"
#include "compare/attribute/number_promise.h"
#include "compare/attribute/replay_energies.h"
#include "compare/attribute/weight_pairs.h"

#include <span>

namespace syncpoint {

/// Error beyond this many times what the formats promise is a fault. Healthy ops of the project's
/// evaluation stay below 3 (docs/attribution.md, "Excess").
constexpr double kExcessLimit = 4.0;

/// What replaying one sync point gave.
struct ReplayedPoint
{
    ReplayEnergies all;                  ///< over all samples
    std::vector<ReplayEnergies> samples; ///< each on its own
    NumberPromise promise;
    double unpairedNoise = 0.0; ///< of weights, relative; see WeightComparison
    double weightExcess = 1.0;
    bool knowsWeights = true;        ///< false: without the candidate's weights there is no excess
    std::vector<std::string> faults; ///< of weights
    std::vector<NodeId> views;       ///< behind which the candidate rounds once more
    std::string obstacle;            ///< why there is none; "" when there is
};

/// Writes what replay measured into the points' attributions; both parallel to the alignment's
/// points. Points that could not be replayed keep what their tensors said.
void applyReplay(std::span<const ReplayedPoint> replayed, std::span<PointAttribution> attributions);

} // namespace syncpoint
