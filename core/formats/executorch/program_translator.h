#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/formats/executorch/instruction_sources.h"
#include "core/formats/executorch/program_data.h"
#include "core/graph/graph_builder.h"

namespace syncpoint {

/// Fills `builder` with the methods of a checked program. The first one that does work ("forward",
/// if there is one) keeps its names, others stand beside it with "<method>:" before names. Methods
/// that only return numbers become facts.
Result<void> translateProgram(const executorch::Program &program, PteData &data,
                              const InstructionSources &sources, GraphBuilder &builder,
                              const JobContext &job);

} // namespace syncpoint
