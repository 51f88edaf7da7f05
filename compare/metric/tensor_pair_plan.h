#pragma once
#include "compare/metric/pair_accumulator.h"
#include "compare/metric/side_reader.h"
#include "compare/metric/tensor_pair.h"

#include <optional>

namespace syncpoint {

/// How a pair will be read: both sides in the layout of the reference, or why not.
struct TensorPairPlan
{
    std::optional<PairState> state; ///< set when the pair is not comparable; the rest is then unset
    std::optional<SideReader> reference, candidate;
    std::uint64_t elements = 0;
    bool exactTypes = false; ///< both are integers without quantization
    UlpType ulp = UlpType::None;
    ChannelLayout channels;
};

/// Decides the state from dtypes, shapes and the transform; reads data only to permute the
/// candidate.
Result<TensorPairPlan> planPair(const TensorPair &pair);

} // namespace syncpoint
