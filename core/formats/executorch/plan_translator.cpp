#include "core/formats/executorch/plan_translator.h"

#include "core/formats/executorch/instruction_translator.h"
#include "core/formats/executorch/program_values.h"
#include "core/formats/flatbuffer.h"

#include <algorithm>
#include <fmt/format.h>
#include <program_generated.h>

namespace syncpoint {

namespace {
using namespace executorch;

constexpr std::size_t kMostOps = 200'000;

/// One method.
class PlanTranslator
{
public:
    PlanTranslator(const ExecutionPlan &plan, const std::string &prefix,
                   const ProgramTarget &target)
        : m_plan(plan), m_prefix(prefix), m_method(textOf(plan.name())), m_target(target),
          m_builder(target.builder), m_budget(target.budget),
          m_values(plan, prefix, target.data, target.builder, target.budget),
          m_instructions(plan, target.data, m_values, target.budget)
    {
    }

    Result<void> run();

private:
    using Void = Result<void>;

    Void addInputs();
    Void addOutputs();
    Void translate(const Chain &chain);
    Void addNode(const Chain &chain, std::uint32_t index, Node node);

    const ExecutionPlan &m_plan;
    std::string m_prefix;
    std::string m_method;
    const ProgramTarget &m_target;
    GraphBuilder &m_builder;
    CopyBudget &m_budget;
    PteValues m_values;
    InstructionTranslator m_instructions;
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

Result<void> PlanTranslator::addInputs()
{
    const auto inputs = m_instructions.indicesIn(m_plan.inputs());
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
    const auto outputs = m_instructions.indicesIn(m_plan.outputs());
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
        auto done = m_instructions.translate(*chain.instructions()->Get(i), node);
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
