#pragma once
#include "core/graph/graph_builder.h"

namespace syncpoint {

/// Reads what OpenVINO writes out as ops as quantization parameters. A constant of integers, or of
/// floats of 4 or 8 bits, that goes through Convert, Subtract and Multiply has them at the
/// constant; the result of a FakeQuantize, which stays real, has the grid that it is rounded to.
/// Scales of a form that Quantization cannot say are noted. Call it when all layers are there.
void applyIrQuantization(GraphBuilder &builder);

} // namespace syncpoint
