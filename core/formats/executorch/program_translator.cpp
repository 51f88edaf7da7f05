#include "core/formats/executorch/program_translator.h"

#include "core/formats/executorch/plan_translator.h"
#include "core/formats/executorch/program_values.h"
#include "core/formats/flatbuffer.h"
#include "core/formats/module_inference.h"

#include <fmt/format.h>
#include <program_generated.h>

namespace syncpoint {

namespace {
using namespace executorch;

constexpr std::size_t kLongestName = 200;

bool doesWork(const ExecutionPlan &plan)
{
    for (std::uint32_t i = 0; i < countOf(plan.chains()); ++i) {
        if (countOf(plan.chains()->Get(i)->instructions()) > 0) {
            return true;
        }
    }
    return false;
}

std::string factText(const Attribute::Data &data)
{
    if (const auto *number = std::get_if<std::int64_t>(&data)) {
        return std::to_string(*number);
    }
    if (const auto *real = std::get_if<double>(&data)) {
        return fmt::format("{}", *real);
    }
    const auto *text = std::get_if<std::string>(&data);
    return text == nullptr ? std::string{} : text->substr(0, kLongestName);
}

/// What a method returns that does nothing but return numbers.
void addFact(const ExecutionPlan &plan, PteData &data, GraphBuilder &builder, CopyBudget &budget)
{
    constexpr std::size_t kMostListed = 8;
    const PteValues values(plan, "", data, builder, budget);
    std::string text;
    for (std::uint32_t i = 0; i < countOf(plan.outputs()) && i < kMostListed; ++i) {
        const std::int32_t index = plan.outputs()->Get(i);
        if (index >= 0 && static_cast<std::size_t>(index) < values.count()) {
            text += text.empty() ? "" : ", ";
            text += factText(values.attribute(static_cast<std::size_t>(index)));
        }
    }
    builder.info().facts.emplace_back(shortText(plan.name()), text);
}
} // namespace

Result<void> translateProgram(const Program &program, PteData &data,
                              const InstructionSources &sources, GraphBuilder &builder,
                              const JobContext &job)
{
    const ExecutionPlan *first = nullptr;
    for (std::uint32_t i = 0; i < countOf(program.execution_plan()); ++i) {
        const auto *plan = program.execution_plan()->Get(i);
        if (doesWork(*plan) && (first == nullptr || textOf(plan->name()) == "forward")) {
            first = plan;
        }
    }
    CopyBudget budget;
    std::vector<bool> moduleIsKnown;
    for (std::uint32_t i = 0; i < countOf(program.execution_plan()); ++i) {
        const auto &plan = *program.execution_plan()->Get(i);
        if (!doesWork(plan)) {
            addFact(plan, data, builder, budget);
            continue;
        }
        const std::string name = shortText(plan.name());
        const std::string prefix = &plan == first ? std::string{} : name + ":";
        const ProgramTarget target{data, sources, builder, budget, moduleIsKnown, job};
        if (auto done = translatePlan(plan, prefix, target); !done) {
            return done.error().code == ErrorCode::Cancelled
                       ? done
                       : done.error().withContext(fmt::format("method '{}'", name));
        }
    }
    moduleIsKnown.resize(builder.nodes().size());
    inferModules(builder, std::move(moduleIsKnown));
    return {};
}

} // namespace syncpoint
