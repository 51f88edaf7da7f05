#pragma once
#include "core/formats/copy_budget.h"
#include "core/formats/executorch/program_data.h"
#include "core/formats/executorch/program_values.h"
#include "core/formats/flatbuffer.h"

#include <cstdint>
#include <vector>

namespace syncpoint::executorch {
struct DelegateCall;
struct ExecutionPlan;
struct Instruction;
struct KernelCall;
struct MoveCall;
} // namespace syncpoint::executorch

namespace syncpoint {

/// Makes ops of the instructions of one method.
class InstructionTranslator
{
public:
    using Indices = std::vector<std::int64_t>;

    InstructionTranslator(const executorch::ExecutionPlan &plan, const PteData &data,
                          PteValues &values, CopyBudget &budget)
        : m_plan(plan), m_data(data), m_values(values), m_budget(budget)
    {
    }

    /// Fills `node`, which has its name. Its type stays empty when the instruction is no op.
    Result<void> translate(const executorch::Instruction &instruction, Node &node);
    /// The numbers of values in a list of the program; fails when one does not exist.
    Result<Indices> indicesIn(const flatbuffers::Vector<std::int32_t> *list);

private:
    using Void = Result<void>;

    Void translateKernel(const executorch::KernelCall &call, Node &node);
    Void translateDelegate(const executorch::DelegateCall &call, Node &node);
    Void translateMove(const executorch::MoveCall &call, Node &node);
    Void addOperands(const Indices &arguments, Node &node);
    Void addResults(const Indices &arguments, Node &node);
    Void checkIndex(std::int64_t index) const;

    const executorch::ExecutionPlan &m_plan;
    const PteData &m_data;
    PteValues &m_values;
    CopyBudget &m_budget;
};

} // namespace syncpoint
