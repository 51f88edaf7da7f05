#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/formats/copy_budget.h"
#include "core/formats/executorch/instruction_sources.h"
#include "core/formats/executorch/program_data.h"
#include "core/graph/graph_builder.h"

#include <string>
#include <vector>

namespace syncpoint::executorch {
struct ExecutionPlan;
} // namespace syncpoint::executorch

namespace syncpoint {

/// What all methods of a program share while they are translated.
struct ProgramTarget
{
    PteData &data;
    const InstructionSources &sources;
    GraphBuilder &builder;
    CopyBudget &budget;
    std::vector<bool> &moduleIsKnown; ///< per op of the builder
    const JobContext &job;
};

/// Adds one method; `prefix` is put before names. An op and its first result are called
/// "instruction_<index>", which is what event dumps refer to.
Result<void> translatePlan(const executorch::ExecutionPlan &plan, const std::string &prefix,
                           const ProgramTarget &target);

} // namespace syncpoint
