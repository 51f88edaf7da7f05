#pragma once
#include "core/base/result.h"
#include "core/graph/graph.h"

#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// The ops in an order in which they can run: topological within each scope, ops of a body right
/// before the op that owns it. Ops that already stand in order stay in order. Producers must be
/// linked. An op depends on what its bodies capture. Fails, naming an op, on a cycle and on a value
/// of a body used outside of it. Time O(n log n), no recursion.
Result<std::vector<NodeId>> executionOrder(std::span<const Node> nodes,
                                           std::span<const Value> values,
                                           std::span<const Scope> scopes);

/// "op 'name'", or "op Conv → output" when it has no name; for messages.
std::string describeOp(const Node &node, std::span<const Value> values);

} // namespace syncpoint
