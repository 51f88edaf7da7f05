#pragma once
#include "core/graph/ids.h"
#include "core/tensor/shape.h"

#include <optional>
#include <string>
#include <vector>

namespace syncpoint {

using SyncPointId = StrongId<struct SyncPointTag>;

/// What turns the candidate's tensor into the baseline's numbers and layout, applied in this order.
struct Transform
{
    bool dequantize =
        false; ///< the captured tensor holds integers; the value's Quantization applies
    /// The tensor's channels are stored in blocks of so many (withoutChannelBlocks()); 0: they are
    /// not.
    std::size_t channelBlock = 0;
    std::vector<std::size_t>
        permutation;              ///< baseline axis i is candidate axis permutation[i]; empty: none
    std::optional<Shape> reshape; ///< shape of the baseline tensor when only the shape differs

    bool isIdentity() const { return *this == Transform{}; }
    bool operator==(const Transform &) const = default;
};

/// "identity", "dequantize", "dequantize, permute(0,2,3,1)", …
std::string toText(const Transform &transform);

/// Why two values were paired.
struct Match
{
    std::string
        rule; ///< "manual", "exact_name", "name_rule", "weights", "structure", "propagated", …
    double confidence = 0.0; ///< 0–1; the scale is in docs/alignment.md
    std::string
        evidence; ///< for people: "the names are equal", "suffix _QuantizeLinear_Output removed"
};

/// Values on both sides that must hold the same numbers. Sets, because a value and its views (Cast,
/// Reshape, Transpose, quantize, dequantize) are one class, and fusion maps n values to m.
struct SyncPoint
{
    ValueId reference; ///< the member that is compared
    ValueId candidate;
    std::vector<ValueId> referenceClass; ///< all members, execution order; contains `reference`
    std::vector<ValueId> candidateClass;
    NodeId referenceNode; ///< the op that makes the class's numbers; invalid for a graph input
    NodeId candidateNode;
    Transform transform;
    Match match;
    /// Ops fused into this point's op on that side: they have no counterpart of their own.
    std::vector<NodeId> absorbedReference;
    std::vector<NodeId> absorbedCandidate;
};

} // namespace syncpoint
