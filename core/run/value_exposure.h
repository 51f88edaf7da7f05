#pragma once
#include "core/base/result.h"
#include "core/graph/graph.h"

#include <cstddef>
#include <span>
#include <string>

namespace syncpoint {

/// An ONNX model in which the values called `names` are further results of the control-flow ops of
/// the main graph, under their qualified names: an If gives the values of the branch it takes, and
/// empty tensors for those of the other; Loop and Scan give the values of all iterations stacked
/// along a new first axis.
Result<std::string> exposeValues(std::span<const std::byte> model, const Graph &graph,
                                 std::span<const std::string> names);

} // namespace syncpoint
