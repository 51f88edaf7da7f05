#pragma once
#include "compare/align/pairing.h"
#include "compare/align/weight_sample.h"

#include <cstdint>
#include <vector>

namespace syncpoint {

/// A weight that both models hold, up to rounding, one factor per output channel, and layout.
struct CommonWeight
{
    std::vector<NodeId> referenceUsers; ///< ops that read it, in execution order; never empty
    std::vector<NodeId> candidateUsers;
    bool isMatrix = false; ///< at least two output channels; a vector is weaker evidence
    Rescaling rescaling = Rescaling::No;
    std::size_t candidateBlock = 0; ///< channels are in blocks of so many there; 0: they are not
};

/// How far two weights of equal extents are apart: 1 − |cos|, averaged over the channels with the
/// worst tenth left out; relative distance for vectors. 0–1.
double weightDistance(const WeightSample &a, const WeightSample &b);

/// Finds the weights that the ops of `referenceOps` and `candidateOps` share, by content alone: at
/// least nine tenths of the channels agree with |cos| > 0.98 and no other weight comes near (half
/// the error). Copies of one weight on a side count as one. Weights that are all equal numbers are
/// left out. Near-linear: weights of equal extents meet only when a projection of them agrees.
std::vector<CommonWeight> findCommonWeights(const GraphSide &reference,
                                            const std::vector<NodeId> &referenceOps,
                                            const GraphSide &candidate,
                                            const std::vector<NodeId> &candidateOps);

} // namespace syncpoint
