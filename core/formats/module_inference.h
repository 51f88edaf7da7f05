#pragma once
#include "core/graph/graph_builder.h"

#include <vector>

namespace syncpoint {

/// Gives a module to the ops that carry none in the file: optimizers and quantizers drop names. An
/// op that uses a parameter belongs to the module of the parameter ("encoder.0.weight"); any other
/// to the innermost module that holds both the producers of its inputs and the consumers of its
/// outputs, as far as these are known. `isKnown` has one entry per op of the builder.
void inferModules(GraphBuilder &builder, std::vector<bool> isKnown);

} // namespace syncpoint
