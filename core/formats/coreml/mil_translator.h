#pragma once
#include "core/formats/coreml/mil_program.h"
#include "core/formats/coreml/mil_tensors.h"
#include "core/graph/graph_builder.h"

#include <string_view>

namespace syncpoint {

/// Translates one function of a program, "main" or the one named `function` if there is such a one;
/// the others become a diagnostic. Constants are values, not ops; parameters that configure an op
/// (strides, axes) are its attributes, whatever else it reads are its inputs, data first. The error
/// names the op.
Result<void> translateMil(const MilProgram &program, std::string_view function, MilTensors &tensors,
                          GraphBuilder &builder, const JobContext &job);

} // namespace syncpoint
