#include "core/formats/executorch/instruction_translator.h"

#include <algorithm>
#include <fmt/format.h>
#include <program_generated.h>

namespace syncpoint {

namespace {
using namespace executorch;

constexpr std::size_t kMostResults = 64; // of a kernel that writes into tensors it is given

/// "aten::add" and "out" → "aten.add.out".
std::string opTypeOf(const Operator &op)
{
    std::string type = shortText(op.name());
    if (const std::size_t colons = type.find("::"); colons != std::string::npos) {
        type.replace(colons, 2, ".");
    }
    return countOf(op.overload()) == 0 ? type : type + "." + shortText(op.overload());
}

/// Kernels that write into tensors they are given have them twice at the end: as arguments and as
/// results. The number of results.
std::size_t repeatedAtEnd(const std::vector<std::int64_t> &arguments)
{
    for (std::size_t count = 1; count <= kMostResults && 2 * count <= arguments.size(); ++count) {
        if (std::equal(arguments.end() - static_cast<std::ptrdiff_t>(count), arguments.end(),
                       arguments.end() - static_cast<std::ptrdiff_t>(2 * count))) {
            return count;
        }
    }
    return 0;
}
} // namespace

Result<void> InstructionTranslator::checkIndex(std::int64_t index) const
{
    if (index < 0 || static_cast<std::size_t>(index) >= m_values.count()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("value {} of {} does not exist", index, m_values.count())};
    }
    return {};
}

Result<InstructionTranslator::Indices>
InstructionTranslator::indicesIn(const flatbuffers::Vector<std::int32_t> *list)
{
    if (auto taken = m_budget.take(countOf(list), 0); !taken) {
        return taken.error();
    }
    Indices indices = numbersOf<std::int64_t>(list);
    for (const std::int64_t index : indices) {
        if (auto checked = checkIndex(index); !checked) {
            return checked.error();
        }
    }
    return indices;
}

Result<void> InstructionTranslator::translate(const Instruction &instruction, Node &node)
{
    if (const auto *kernel = instruction.instr_args_as_KernelCall()) {
        return translateKernel(*kernel, node);
    }
    if (const auto *delegate = instruction.instr_args_as_DelegateCall()) {
        return translateDelegate(*delegate, node);
    }
    if (const auto *move = instruction.instr_args_as_MoveCall()) {
        return translateMove(*move, node);
    }
    if (const auto *jump = instruction.instr_args_as_JumpFalseCall()) {
        node.opType = "jump_false";
        node.attributes.push_back(
            {"destination_instruction", std::int64_t{jump->destination_instruction()}});
        if (auto checked = checkIndex(jump->cond_value_index()); !checked) {
            return checked;
        }
        return addOperands({jump->cond_value_index()}, node);
    }
    return {}; // memory is given back
}

Result<void> InstructionTranslator::translateKernel(const KernelCall &call, Node &node)
{
    if (call.op_index() < 0 ||
        static_cast<std::size_t>(call.op_index()) >= countOf(m_plan.operators())) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("op {} of {} does not exist", call.op_index(),
                                 countOf(m_plan.operators()))};
    }
    node.opType = opTypeOf(*m_plan.operators()->Get(static_cast<std::uint32_t>(call.op_index())));
    auto arguments = indicesIn(call.args());
    if (!arguments) {
        return arguments.error();
    }
    const std::size_t repeated = repeatedAtEnd(*arguments);
    const std::size_t results =
        std::min<std::size_t>(std::max<std::size_t>(repeated, 1), arguments->size());
    const auto firstResult = arguments->end() - static_cast<std::ptrdiff_t>(results);
    const Indices made(firstResult, arguments->end());
    arguments->resize(arguments->size() - results - repeated);
    if (auto added = addOperands(*arguments, node); !added) {
        return added;
    }
    return addResults(made, node);
}

Result<void> InstructionTranslator::translateDelegate(const DelegateCall &call, Node &node)
{
    if (call.delegate_index() < 0 ||
        static_cast<std::size_t>(call.delegate_index()) >= countOf(m_plan.delegates())) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("delegate {} of {} does not exist", call.delegate_index(),
                                 countOf(m_plan.delegates()))};
    }
    const auto &delegate =
        *m_plan.delegates()->Get(static_cast<std::uint32_t>(call.delegate_index()));
    node.opType = shortText(delegate.id());
    node.domain = "delegate";
    node.placement = node.opType;
    node.metadata.emplace_back("compiled data",
                               fmt::format("{} bytes", m_data.compiledBytes(delegate)));
    auto arguments = indicesIn(call.args());
    if (!arguments) {
        return arguments.error();
    }
    // Inputs come first; how many there are is not written down. What it makes is not set before.
    std::size_t inputs = arguments->size();
    while (inputs > 0 && m_values.isUnset(static_cast<std::size_t>((*arguments)[inputs - 1]))) {
        --inputs;
    }
    const Indices made(arguments->begin() + static_cast<std::ptrdiff_t>(inputs), arguments->end());
    arguments->resize(inputs);
    if (auto added = addOperands(*arguments, node); !added) {
        return added;
    }
    return addResults(made, node);
}

Result<void> InstructionTranslator::translateMove(const MoveCall &call, Node &node)
{
    for (const std::int64_t index : {call.move_from(), call.move_to()}) {
        if (auto checked = checkIndex(index); !checked) {
            return checked;
        }
    }
    node.opType = "aten.copy.default";
    if (auto added = addOperands({call.move_from()}, node); !added) {
        return added;
    }
    return addResults({call.move_to()}, node);
}

Result<void> InstructionTranslator::addOperands(const Indices &arguments, Node &node)
{
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto argument = static_cast<std::size_t>(arguments[i]);
        if (auto taken = m_budget.take(m_values.sizeOf(argument), 0); !taken) {
            return taken;
        }
        Attribute::Data number = m_values.attribute(argument);
        const bool isComputed = m_values.isComputed(argument);
        if (!std::holds_alternative<std::monostate>(number) && !isComputed) {
            node.attributes.push_back({fmt::format("argument_{}", i), std::move(number)});
            continue;
        }
        for (const std::int64_t index : m_values.tensorsOf(argument)) {
            if (index == -1) {
                continue; // None
            }
            if (auto checked = checkIndex(index); !checked) {
                return checked;
            }
            const auto at = static_cast<std::size_t>(index);
            if (!m_values.isTensor(at) && !m_values.isComputed(at)) {
                continue; // None
            }
            const auto value = m_values.read(at);
            if (!value) {
                return value.error();
            }
            node.inputs.push_back(*value);
        }
    }
    return {};
}

Result<void> InstructionTranslator::addResults(const Indices &arguments, Node &node)
{
    for (const std::int64_t argument : arguments) {
        const auto at = static_cast<std::size_t>(argument);
        if (auto taken = m_budget.take(m_values.sizeOf(at), 0); !taken) {
            return taken;
        }
        for (const std::int64_t index : m_values.tensorsOf(at)) {
            if (index == -1) {
                continue;
            }
            if (auto checked = checkIndex(index); !checked) {
                return checked;
            }
            // The numbers of values change with every export; events refer to instructions.
            const std::size_t count = node.outputs.size();
            const auto value =
                m_values.write(static_cast<std::size_t>(index),
                               count == 0 ? node.name : fmt::format("{}_{}", node.name, count));
            if (!value) {
                return value.error();
            }
            node.outputs.push_back(*value);
        }
    }
    return {};
}

} // namespace syncpoint
