#pragma once
#include "core/graph/graph.h"

#include <span>
#include <string_view>

namespace syncpoint {

/// Ops that compute the same thing under different names: "conv" is ONNX Conv, ONNX Runtime's
/// FusedConv and QLinearConv, TFLite's CONV_2D, aten.conv2d, …
struct OpFamily
{
    std::string_view name;
    std::string_view opTypes; ///< separated by spaces, case-sensitive, without "aten." and overload
    /// Families whose op may be the last one of the same computation where it is decomposed or
    /// fused: a Gemm ends where MatMul + Add ends, so "gemm" lists "add".
    std::string_view exits;
    bool transparent = false; ///< output 0 holds input 0's numbers, up to rounding and layout
    bool commutative = false; ///< operands may come in any order
};

/// The one table of all families.
std::span<const OpFamily> opFamilies();

/// The family of an op; null when the op is not in the table.
const OpFamily *opFamilyOf(const Node &node);
const OpFamily *opFamilyOf(std::string_view opType);

/// Whether a value made by an op of one family can be the value made by an op of the other: the
/// same family, or one may end in the other. Unknown families and control flow are never ruled out.
bool canShareExit(const OpFamily *a, const OpFamily *b);

} // namespace syncpoint
