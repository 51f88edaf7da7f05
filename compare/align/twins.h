#pragma once
#include "compare/align/value_classes.h"

#include <vector>

namespace syncpoint {

struct GraphSide;

/// By class: the first class that holds the same numbers because the same op computes it from the
/// same operands (value numbering); the class itself when there is none. Optimizers and quantizers
/// duplicate and merge such ops. Linear in the graph's size and its constants' shapes.
std::vector<ValueClassId> findTwins(const GraphSide &side);

} // namespace syncpoint
