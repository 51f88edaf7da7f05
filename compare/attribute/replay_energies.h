#pragma once
#include "compare/attribute/number_promise.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <optional>

namespace syncpoint {

/// Sums over one replayed value: r baseline, c candidate, f the baseline's op on the candidate's
/// inputs, g the same with the candidate's weights. e = c − r = (c − f) + (f − r), exactly.
struct ReplayEnergies
{
    std::uint64_t count = 0;     ///< positions where all are finite
    double baseline = 0.0;       ///< Σ r²
    double candidate = 0.0;      ///< Σ c²
    double total = 0.0;          ///< Σ e²
    double introduced = 0.0;     ///< Σ (c − f)²
    double propagated = 0.0;     ///< Σ (f − r)²
    double cross = 0.0;          ///< 2 Σ (c − f)(f − r)
    double weights = 0.0;        ///< Σ (g − f)²
    double kernel = 0.0;         ///< Σ (c − g)²
    bool hasWeights = false;     ///< g was replayed
    std::uint64_t nonfinite = 0; ///< c is not finite where f is
    std::uint64_t clipped = 0;   ///< r and f lie outside what the candidate's integers hold
    /// Σ (c − f)² where f lies outside that range and r does not: clipped, because of what came in.
    double clippedInherited = 0.0;

    void merge(const ReplayEnergies &other);
};

/// One pass over all; tensors of equal element counts, g may be null. Reads block by block.
ReplayEnergies splitError(const Tensor &baseline, const Tensor &candidate, const Tensor &replayed,
                          const Tensor *withWeights, const std::optional<QuantizedRange> &range);

} // namespace syncpoint
