#pragma once
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/graph/graph.h"

#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// Values inside If, Loop and Scan that can be captured, by qualified name, and a note on those
/// that cannot: an If or a loop inside a loop gives results of another shape every time, and the
/// runtime stacks them. `only` as for valuesToTap().
struct SubgraphValues
{
    std::vector<std::string> names;
    Diagnostics diagnostics;
};
Result<SubgraphValues> subgraphValues(const Graph &graph, const std::string &only);

/// An ONNX model in which the values called `names` are further results of the control-flow ops of
/// the main graph, under their qualified names: an If gives the values of the branch it takes, and
/// empty tensors for those of the other; Loop and Scan give the values of all iterations stacked
/// along a new first axis.
Result<std::string> exposeValues(std::span<const std::byte> model, const Graph &graph,
                                 std::span<const std::string> names);

/// The Loop or Scan around the value; invalid when there is none.
NodeId enclosingLoop(const Graph &graph, ValueId value);

} // namespace syncpoint
