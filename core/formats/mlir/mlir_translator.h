#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/formats/mlir/mlir_functions.h"
#include "core/graph/graph_builder.h"

namespace syncpoint {

/// Fills `builder` with the entry function; functions that it calls are put in place of the calls.
/// The error names the line.
Result<void> translateMlir(const MlirFile &file, GraphBuilder &builder, const JobContext &job);

} // namespace syncpoint
