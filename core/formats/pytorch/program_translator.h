#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/formats/pytorch/program_weights.h"
#include "core/graph/graph_builder.h"

#include <nlohmann/json_fwd.hpp>

namespace syncpoint::pytorch {

/// Fills `builder` with an exported program: its graph, the graphs of cond, while_loop and map as
/// scopes, parameters and constants under their full names ("encoder.0.weight") instead of the
/// names of their placeholders ("p_encoder_0_weight").
Result<void> translateProgram(const nlohmann::json &program, ProgramWeights weights,
                              GraphBuilder &builder, const JobContext &job);

} // namespace syncpoint::pytorch
