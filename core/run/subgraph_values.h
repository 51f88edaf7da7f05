#pragma once
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/graph/graph.h"

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

/// The Loop or Scan around the value; invalid when there is none.
NodeId enclosingLoop(const Graph &graph, ValueId value);

} // namespace syncpoint
