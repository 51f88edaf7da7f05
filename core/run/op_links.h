#pragma once
#include "core/graph/graph.h"

#include <vector>

namespace syncpoint {

/// Which ops of `original` every op of `rewritten` stands for; index = NodeId of `rewritten`, main
/// graph only, the most telling op first.
///
/// A runtime keeps the names of most values. Ops of the rewritten graph that are tied together by
/// values it named anew form a group; the group does the work of the region of the original graph
/// that lies between the values that the group takes in and gives out under known names. Inside a
/// group, ops whose name begins with that of an original op or value get their part of the region;
/// ops inserted around them (layout changes, reshapes) share the links of the op they serve.
std::vector<std::vector<NodeId>> linkToOriginal(const Graph &rewritten, const Graph &original);

} // namespace syncpoint
