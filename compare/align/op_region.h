#pragma once
#include "compare/align/graph_side.h"

#include <functional>
#include <set>
#include <string_view>
#include <vector>

namespace syncpoint {

/// The ops that can be computed from the entries and constants alone, in the order they become so;
/// `isFree` says whether a class may be part of it. Looks at `most` ops.
std::vector<NodeId> opsFrom(const GraphSide &side, const std::vector<ValueClassId> &entries,
                            const std::function<bool(ValueClassId)> &isFree, std::size_t most);

/// The ops of `grown` that `exit` depends on, execution order; and the entries they read.
std::vector<NodeId> opsBehind(const GraphSide &side, const std::vector<NodeId> &grown,
                              ValueClassId exit, std::set<ValueClassId> &entries);

/// Whether the ops have a family of every group, see WrittenForm::parts.
bool hasParts(const GraphSide &side, const std::vector<NodeId> &ops, std::string_view parts);
bool hasOnly(const GraphSide &side, const std::vector<NodeId> &ops, std::string_view families);

/// Values inside the region that something outside reads; copies of its ops are not outside.
std::vector<ValueClassId> leaks(const GraphSide &side, const std::vector<NodeId> &ops,
                                ValueClassId exit);

/// Elements of all weights that the ops read, each counted once.
std::uint64_t weightsOf(const GraphSide &side, const std::vector<NodeId> &ops);

} // namespace syncpoint
