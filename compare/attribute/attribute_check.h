#pragma once
#include "core/graph/graph.h"

#include <string>
#include <vector>

namespace syncpoint {

/// Attributes that two ops of one type both have and that differ, as sentences. Ones that
/// conversion may change together with an operand (transA, transB) are left out; an axis counted
/// from the end equals the same axis counted from the start.
std::vector<std::string> differingAttributes(const Graph &baseline, NodeId baselineOp,
                                             const Graph &candidate, NodeId candidateOp);

} // namespace syncpoint
