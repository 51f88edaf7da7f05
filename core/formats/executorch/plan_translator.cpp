#include "core/formats/executorch/plan_translator.h"

#include "core/formats/executorch/program_values.h"
#include "core/formats/flatbuffer.h"

#include <algorithm>
#include <fmt/format.h>
#include <program_generated.h>

namespace syncpoint {

namespace {
using namespace executorch;

constexpr std::size_t kMostOps = 200'000;
constexpr std::size_t kMostResults = 64; // of a kernel that writes into tensors it is given

/// One method.
class PlanTranslator
{
public:
    PlanTranslator(const ExecutionPlan &plan, const std::string &prefix,
                   const ProgramTarget &target)
        : m_plan(plan), m_prefix(prefix), m_method(textOf(plan.name())), m_target(target),
          m_builder(target.builder), m_budget(target.budget),
          m_values(plan, prefix, target.data, target.builder, target.budget)
    {
    }

    Result<void> run();

private:
    using Void = Result<void>;
    using Indices = std::vector<std::int64_t>;

    Void addInputs();
    Void addOutputs();
    Void translate(const Chain &chain);
    Void translate(const Instruction &instruction, Node &node);
    Void translateKernel(const KernelCall &call, Node &node);
    Void translateDelegate(const DelegateCall &call, Node &node);
    Void translateMove(const MoveCall &call, Node &node);
    Void addOperands(const Indices &arguments, Node &node);
    Void addResults(const Indices &arguments, Node &node);
    Result<Indices> argumentsOf(const flatbuffers::Vector<std::int32_t> *arguments);
    Void checkIndex(std::int64_t index) const;
    Void addNode(const Chain &chain, std::uint32_t index, Node node);

    const ExecutionPlan &m_plan;
    std::string m_prefix;
    std::string m_method;
    const ProgramTarget &m_target;
    GraphBuilder &m_builder;
    CopyBudget &m_budget;
    PteValues m_values;
};

Result<void> PlanTranslator::run()
{
    if (auto added = addInputs(); !added) {
        return added.error().withContext("inputs");
    }
    for (std::uint32_t i = 0; i < countOf(m_plan.chains()); ++i) {
        if (auto done = translate(*m_plan.chains()->Get(i)); !done) {
            return done;
        }
    }
    if (auto added = addOutputs(); !added) {
        return added.error().withContext("outputs");
    }
    return {};
}

Result<void> PlanTranslator::checkIndex(std::int64_t index) const
{
    if (index < 0 || static_cast<std::size_t>(index) >= m_values.count()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("value {} of {} does not exist", index, m_values.count())};
    }
    return {};
}

Result<PlanTranslator::Indices>
PlanTranslator::argumentsOf(const flatbuffers::Vector<std::int32_t> *arguments)
{
    if (auto taken = m_budget.take(countOf(arguments), 0); !taken) {
        return taken.error();
    }
    Indices indices = numbersOf<std::int64_t>(arguments);
    for (const std::int64_t index : indices) {
        if (auto checked = checkIndex(index); !checked) {
            return checked.error();
        }
    }
    return indices;
}

Result<void> PlanTranslator::addInputs()
{
    const auto inputs = argumentsOf(m_plan.inputs());
    if (!inputs) {
        return inputs.error();
    }
    for (const std::int64_t index : *inputs) {
        const auto at = static_cast<std::size_t>(index);
        if (!m_values.isTensor(at)) {
            continue; // a number that is fixed in the program
        }
        if (auto added = m_values.addInput(at); !added) {
            return added.error();
        }
    }
    return {};
}

Result<void> PlanTranslator::addOutputs()
{
    const auto outputs = argumentsOf(m_plan.outputs());
    if (!outputs) {
        return outputs.error();
    }
    for (const std::int64_t index : *outputs) {
        const auto at = static_cast<std::size_t>(index);
        if (!m_values.isTensor(at)) {
            continue;
        }
        const auto value = m_values.read(at);
        if (!value) {
            return value.error();
        }
        m_builder.addOutput(m_builder.mainScope(), *value);
    }
    return {};
}

Result<void> PlanTranslator::translate(const Chain &chain)
{
    for (std::uint32_t i = 0; i < countOf(chain.instructions()); ++i) {
        if (m_target.job.isCancelled()) {
            return JobContext::cancelledError();
        }
        if (m_builder.nodes().size() >= kMostOps) {
            return Error{ErrorCode::Limit, fmt::format("there are more than {} ops", kMostOps)};
        }
        Node node;
        node.name = fmt::format("{}instruction_{}", m_prefix, i);
        auto done = translate(*chain.instructions()->Get(i), node);
        if (done && !node.opType.empty()) {
            done = addNode(chain, i, std::move(node));
        }
        if (!done) {
            return done.error().withContext(fmt::format("instruction {}", i));
        }
        m_target.job.advance();
    }
    return {};
}

Result<void> PlanTranslator::translate(const Instruction &instruction, Node &node)
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

Result<void> PlanTranslator::translateKernel(const KernelCall &call, Node &node)
{
    if (call.op_index() < 0 ||
        static_cast<std::size_t>(call.op_index()) >= countOf(m_plan.operators())) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("op {} of {} does not exist", call.op_index(),
                                 countOf(m_plan.operators()))};
    }
    node.opType = opTypeOf(*m_plan.operators()->Get(static_cast<std::uint32_t>(call.op_index())));
    auto arguments = argumentsOf(call.args());
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

Result<void> PlanTranslator::translateDelegate(const DelegateCall &call, Node &node)
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
                               fmt::format("{} bytes", m_target.data.compiledBytes(delegate)));
    auto arguments = argumentsOf(call.args());
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

Result<void> PlanTranslator::translateMove(const MoveCall &call, Node &node)
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

Result<void> PlanTranslator::addOperands(const Indices &arguments, Node &node)
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

Result<void> PlanTranslator::addResults(const Indices &arguments, Node &node)
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

Result<void> PlanTranslator::addNode(const Chain &chain, std::uint32_t index, Node node)
{
    const FrameList *list =
        index < countOf(chain.stacktrace()) ? chain.stacktrace()->Get(index) : nullptr;
    const std::size_t frames = list == nullptr ? 0 : countOf(list->items());
    if (auto taken = m_budget.take(0, frames * sizeof(SourceFrame)); !taken) {
        return taken;
    }
    for (std::size_t i = frames; i-- > 0;) { // written outermost first
        const Frame &frame = *list->items()->Get(static_cast<std::uint32_t>(i));
        node.source.push_back({shortText(frame.filename()),
                               static_cast<std::uint32_t>(std::max(frame.lineno(), 0)), 0,
                               shortText(frame.name())});
    }
    const auto known = m_target.sources.find({m_method, index});
    const bool isKnown = known != m_target.sources.end() && !known->second.modules.empty();
    if (known != m_target.sources.end()) {
        const InstructionSource &source = known->second;
        node.source = node.source.empty() ? source.frames : node.source;
        node.aliases = source.names;
        for (const auto &[path, className] : source.modules) {
            node.module = m_builder.module(path, className);
        }
    }
    m_target.moduleIsKnown.resize(m_builder.nodes().size()); // views came before
    m_target.moduleIsKnown.push_back(isKnown);
    m_builder.addNode(std::move(node));
    return {};
}
} // namespace

Result<void> translatePlan(const ExecutionPlan &plan, const std::string &prefix,
                           const ProgramTarget &target)
{
    return PlanTranslator(plan, prefix, target).run();
}

} // namespace syncpoint
