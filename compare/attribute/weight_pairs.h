#pragma once
#include "core/graph/graph.h"

#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// A constant of the baseline and the candidate's form of it.
struct WeightPair
{
    ValueId baseline;
    ValueId candidate;           ///< the stored constant
    Tensor replacement;          ///< the candidate's numbers as float32 in the baseline's layout
    double meanStepSquare = 0.0; ///< of the candidate's integers; 0 when it holds floats
    /// Mean square difference over what rounding to the candidate's format explains; ≤ about 1 when
    /// only rounding happened.
    double excess = 0.0;
    std::string fault; ///< what rounding does not explain, in words; "" none
};

struct WeightComparison
{
    std::vector<WeightPair> pairs;
    std::vector<std::string> faults; ///< of the pairs, and constants that are missing
    /// Rounding error of the candidate's constants without counterpart, relative to their energy.
    double unpairedNoise = 0.0;
    /// False when the numbers of a parameter of the candidate are not at hand: nothing is missing
    /// then, and nobody knows what rounding promised.
    bool isComplete = true;
    /// The largest excess of a pair, at least 1.
    double worstExcess() const;
};

/// Pairs the constants that one region's ops read with those of the candidate's ops for it, by
/// size and nearest numbers (also transposed). Constants that conversion folded together, as batch
/// normalization into a convolution, have no counterpart and are no fault.
WeightComparison pairWeights(const Graph &baseline, std::span<const NodeId> baselineOps,
                             std::span<const ValueId> constants, const Graph &candidate,
                             std::span<const NodeId> candidateOps);

} // namespace syncpoint
