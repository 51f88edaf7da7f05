#pragma once
#include "compare/align/graph_side.h"

#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace syncpoint {

/// Where the ops of one side end that together are one op of the other side.
struct CoarseMatch
{
    ValueClassId exit; ///< holds the numbers of the coarse op's first output
    /// Further outputs of the coarse op and the values inside that hold their numbers.
    std::vector<std::pair<ValueClassId, ValueClassId>> others; ///< coarse, fine
};

/// Whether an op is one that other models write out as several (Gelu, LayerNormalization,
/// FusedMatMul, Attention, …).
bool isCoarse(const OpFamily *family);

/// Looks on `fine` for the written-out form of `op` of `coarse`. `entries` are the classes of
/// `fine` that are paired with what the op reads. The region must read exactly these, be read
/// outside at its exit only, contain an op that the formula cannot do without, and end where the
/// following ops look like those after `op`. `isFree` says whether a class of `fine` may be part of
/// it. Nothing when there is none or more than one such place. Looks at a bounded number of ops.
std::optional<CoarseMatch> findWrittenOut(const GraphSide &coarse, NodeId op, const GraphSide &fine,
                                          std::vector<ValueClassId> entries,
                                          const std::function<bool(ValueClassId)> &isFree);

} // namespace syncpoint
