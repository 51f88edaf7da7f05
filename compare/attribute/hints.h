#pragma once
#include "compare/metric/measurement.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// The scores of one sync point that hints are read from.
struct HintInput
{
    const Measurement *measurement = nullptr; ///< over all samples
    std::span<const double> channelNsr; ///< ‖e‖²/‖r‖² per channel; empty when not measured
    std::size_t channelAxis = 0;
};

/// What kind of fault the numbers look like, strongest first: sentences, each with the number
/// behind it. Empty for exact pairs and for errors without a pattern. Limits: docs/attribution.md.
std::vector<std::string> hintsFor(const HintInput &input);

} // namespace syncpoint
