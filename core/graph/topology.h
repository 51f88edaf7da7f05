#pragma once
#include "core/graph/graph.h"

#include <vector>

namespace syncpoint {

/// The op's data inputs that are computed: absent ones and constants left out, captured outer
/// values of its bodies included.
std::vector<ValueId> computedInputs(const Graph &graph, NodeId node);

/// Longest distance in ops from the inputs, per node; 0 for ops fed only by inputs and constants.
std::vector<std::uint32_t> depths(const Graph &graph);

/// Values that hold numbers known before the run: initializers and everything computed from
/// constants alone. Index = ValueId.
std::vector<bool> constantValues(const Graph &graph);

/// Values that describe shapes rather than data: outputs of Shape/Size and integer arithmetic on
/// them. Index = ValueId.
std::vector<bool> shapeValues(const Graph &graph);

} // namespace syncpoint
