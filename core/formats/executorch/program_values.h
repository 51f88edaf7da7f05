#pragma once
#include "core/formats/copy_budget.h"
#include "core/formats/executorch/program_data.h"
#include "core/graph/graph_builder.h"

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace syncpoint::executorch {
struct ExecutionPlan;
} // namespace syncpoint::executorch

namespace syncpoint {

/// The numbered values of one method. A program overwrites them: every write makes a value of its
/// own. Constants and states have the names that the file tells, other values that nothing writes
/// are called "value_<index>".
class PteValues
{
public:
    /// `prefix` is put before names.
    PteValues(const executorch::ExecutionPlan &plan, std::string prefix, PteData &data,
              GraphBuilder &builder, CopyBudget &budget);

    std::size_t count() const { return m_current.size(); }
    bool isTensor(std::size_t index) const;
    /// A number that an op has written.
    bool isComputed(std::size_t index) const;
    /// Numbers that attribute() or tensorsOf() copy.
    std::size_t sizeOf(std::size_t index) const;
    /// Tensors that a list of tensors refers to (−1 for none), or the index itself.
    std::vector<std::int64_t> tensorsOf(std::size_t index) const;
    /// A number, text or list of them; monostate for tensors and None.
    Attribute::Data attribute(std::size_t index) const;

    /// Nothing was written to it yet, it holds no constant and is no input.
    bool isUnset(std::size_t index) const;
    Result<ValueId> addInput(std::size_t index);
    /// What the value holds now. Where nothing wrote it, it is a constant, another view of the
    /// memory that an op wrote last (then a "view" op is added), or scratch memory.
    Result<ValueId> read(std::size_t index);
    /// A new value of this name that replaces what it held.
    Result<ValueId> write(std::size_t index, std::string_view name);

private:
    using Memory = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;

    const executorch::Tensor *tensorAt(std::size_t index) const;
    TensorInfo infoOf(const executorch::Tensor &tensor) const;
    std::string givenName(std::size_t index) const;
    Result<ValueId> declare(std::size_t index, std::string_view name);
    std::optional<Memory> memoryOf(std::size_t index) const;
    void findInMemory(std::size_t index, ValueId id);

    const executorch::ExecutionPlan &m_plan;
    std::string m_prefix;
    PteData &m_data;
    GraphBuilder &m_builder;
    CopyBudget &m_budget;
    std::vector<ValueId> m_current;
    std::map<std::string, std::size_t> m_repeats; ///< of names
    std::map<Memory, ValueId> m_lastIn; ///< what was written last at a place of the memory plan
};

} // namespace syncpoint
