#include "core/formats/executorch/program_values.h"

#include "core/formats/executorch/scalar_types.h"
#include "core/formats/flatbuffer.h"

#include <algorithm>
#include <fmt/format.h>
#include <program_generated.h>

namespace syncpoint {

namespace {
constexpr std::size_t kLongestValueName = 1024;

const executorch::EValue &entryAt(const executorch::ExecutionPlan &plan, std::size_t index)
{
    return *plan.values()->Get(static_cast<std::uint32_t>(index));
}

std::int64_t intAt(const executorch::ExecutionPlan &plan, std::int64_t index)
{
    if (index < 0 || static_cast<std::size_t>(index) >= countOf(plan.values())) {
        return 0;
    }
    const auto *value = entryAt(plan, static_cast<std::size_t>(index)).val_as_Int();
    return value == nullptr ? 0 : value->value();
}
} // namespace

PteValues::PteValues(const executorch::ExecutionPlan &plan, std::string prefix, PteData &data,
                     GraphBuilder &builder, CopyBudget &budget)
    : m_plan(plan), m_prefix(std::move(prefix)), m_data(data), m_builder(builder), m_budget(budget),
      m_current(countOf(plan.values()))
{
}

const executorch::Tensor *PteValues::tensorAt(std::size_t index) const
{
    return entryAt(m_plan, index).val_as_Tensor();
}

bool PteValues::isTensor(std::size_t index) const
{
    return tensorAt(index) != nullptr;
}

bool PteValues::isComputed(std::size_t index) const
{
    return !isTensor(index) && m_current[index].isValid();
}

std::size_t PteValues::sizeOf(std::size_t index) const
{
    const auto &entry = entryAt(m_plan, index);
    const auto count = [](const auto *list) {
        return list == nullptr ? 0 : countOf(list->items());
    };
    return count(entry.val_as_IntList()) + count(entry.val_as_DoubleList()) +
           count(entry.val_as_BoolList()) + count(entry.val_as_TensorList()) +
           count(entry.val_as_OptionalTensorList());
}

std::vector<std::int64_t> PteValues::tensorsOf(std::size_t index) const
{
    const auto &entry = entryAt(m_plan, index);
    if (const auto *list = entry.val_as_TensorList()) {
        return numbersOf<std::int64_t>(list->items());
    }
    if (const auto *list = entry.val_as_OptionalTensorList()) {
        return numbersOf<std::int64_t>(list->items());
    }
    return {static_cast<std::int64_t>(index)};
}

Attribute::Data PteValues::attribute(std::size_t index) const
{
    const auto &entry = entryAt(m_plan, index);
    if (const auto *value = entry.val_as_Int()) {
        return value->value();
    }
    if (const auto *value = entry.val_as_Bool()) {
        return std::int64_t{value->value()};
    }
    if (const auto *value = entry.val_as_Double()) {
        return value->value();
    }
    if (const auto *value = entry.val_as_String()) {
        return std::string(textOf(value->value()));
    }
    if (const auto *list = entry.val_as_IntList()) {
        auto numbers = numbersOf<std::int64_t>(list->items()); // they point at the numbers
        for (std::int64_t &number : numbers) {
            number = intAt(m_plan, number);
        }
        return numbers;
    }
    if (const auto *list = entry.val_as_DoubleList()) {
        return numbersOf<double>(list->items());
    }
    if (const auto *list = entry.val_as_BoolList()) {
        return numbersOf<std::int64_t>(list->items());
    }
    return std::monostate{};
}

bool PteValues::isUnset(std::size_t index) const
{
    const auto *tensor = tensorAt(index);
    return !m_current[index].isValid() && tensor != nullptr && tensor->data_buffer_idx() == 0;
}

TensorInfo PteValues::infoOf(const executorch::Tensor &tensor) const
{
    return {dtypeOfExecuTorch(tensor.scalar_type()), numbersOf<std::int64_t>(tensor.sizes()),
            nullptr};
}

std::string PteValues::givenName(std::size_t index) const
{
    const auto *tensor = tensorAt(index);
    const auto *extra = tensor == nullptr ? nullptr : tensor->extra_tensor_info();
    const std::string_view given =
        extra == nullptr ? std::string_view{} : textOf(extra->fully_qualified_name());
    return m_prefix + (given.empty() ? fmt::format("value_{}", index)
                                     : std::string(given.substr(0, kLongestValueName)));
}

Result<ValueId> PteValues::declare(std::size_t index, std::string_view name)
{
    const auto *tensor = tensorAt(index);
    const std::size_t rank = tensor == nullptr ? 0 : countOf(tensor->sizes());
    if (auto taken = m_budget.take(rank, name.size()); !taken) {
        return taken.error();
    }
    std::string own(name);
    while (m_builder.findLocalValue(m_builder.mainScope(), own)) {
        own = fmt::format("{}_{}", name, ++m_repeats[std::string(name)] + 1);
    }
    const ValueId id = m_builder.localValue(m_builder.mainScope(), own);
    Value &value = m_builder.edit(id);
    if (tensor != nullptr) {
        const TensorInfo info = infoOf(*tensor);
        value.dtype = info.dtype;
        value.shape = info.shape;
        std::replace_if(
            value.shape->begin(), value.shape->end(), [](auto extent) { return extent < 0; }, -1);
    } else {
        value.shape = Shape{}; // a number that the program computes
    }
    m_current[index] = id;
    return id;
}

Result<ValueId> PteValues::addInput(std::size_t index)
{
    auto id = write(index, givenName(index));
    if (id) {
        m_builder.addInput(m_builder.mainScope(), *id);
    }
    return id;
}

std::optional<PteValues::Memory> PteValues::memoryOf(std::size_t index) const
{
    const auto *tensor = tensorAt(index);
    const auto *place = tensor == nullptr ? nullptr : tensor->allocation_info();
    return place == nullptr ? std::nullopt
                            : std::optional(Memory{place->memory_id(), place->memory_offset_low(),
                                                   place->memory_offset_high()});
}

Result<ValueId> PteValues::read(std::size_t index)
{
    if (m_current[index].isValid()) {
        return m_current[index];
    }
    const auto id = declare(index, givenName(index));
    const auto *tensor = tensorAt(index);
    if (!id || tensor == nullptr) {
        return id;
    }
    auto constant = m_data.constant(*tensor, infoOf(*tensor));
    if (constant && *constant) {
        m_builder.setConstant(*id, std::move(**constant));
        return id;
    }
    if (!constant) {
        const TensorInfo info = infoOf(*tensor);
        m_builder.setConstantWithoutData(*id, info.dtype, info.shape);
        m_builder.addDiagnostic({Diagnostic::Severity::Warning, m_builder.edit(*id).name,
                                 "its data is not shown: " + constant.error().message});
        return id;
    }
    findInMemory(index, *id);
    return id;
}

void PteValues::findInMemory(std::size_t index, ValueId id)
{
    const auto memory = memoryOf(index);
    const auto last = memory ? m_lastIn.find(*memory) : m_lastIn.end();
    const Value &value = m_builder.edit(id);
    const bool isView =
        last != m_lastIn.end() && m_builder.edit(last->second).dtype == value.dtype &&
        elementCount(*m_builder.edit(last->second).shape) == elementCount(*value.shape);
    if (!isView) {
        m_builder.setConstantWithoutData(id, value.dtype, *value.shape); // scratch memory
        return;
    }
    Node node; // that the memory plan made superfluous
    node.name = value.name + "_view";
    node.opType = "aten.view.default";
    node.inputs = {last->second};
    node.outputs = {id};
    node.metadata.emplace_back("from", "two values share one place of the memory plan");
    m_builder.addNode(std::move(node));
}

Result<ValueId> PteValues::write(std::size_t index, std::string_view name)
{
    const auto id = declare(index, name);
    if (const auto memory = memoryOf(index); id && memory) {
        m_lastIn[*memory] = *id;
    }
    return id;
}

} // namespace syncpoint
