#pragma once
#include "core/base/result.h"
#include "core/formats/copy_budget.h"
#include "core/formats/mlir/mlir_types.h"
#include "core/graph/graph_builder.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace syncpoint {

/// Where names mean values: a region, or the body of a function.
struct MlirFrame
{
    ScopeId scope;
    const MlirFrame *outer = nullptr; ///< whose values can be used too; null for functions
    std::string prefix{};             ///< of the names of values, in a function that was called
    bool isInlined = false;           ///< what it returns goes to the caller, not out of the scope
    int depth = 0;
    const std::vector<ValueId> *operands = nullptr; ///< of the call, until its arguments are read
    std::unordered_map<std::string, ValueId> values{};
    std::vector<ValueId> returned{};
};

/// Makes and finds the values of all frames.
class MlirValues
{
public:
    explicit MlirValues(GraphBuilder &builder) : m_builder(builder) {}

    /// A new value for `name` ("%3", "%3#1"), called `wanted` if that is free.
    Result<ValueId> define(MlirFrame &frame, std::string_view name, std::string wanted,
                           std::string_view type);
    Result<ValueId> define(MlirFrame &frame, std::string_view name, std::string_view type)
    {
        return define(frame, name, std::string(name.substr(1)), type);
    }
    /// The value that the name means here; one that is defined only later, or never, is made.
    Result<ValueId> find(MlirFrame &frame, std::string_view name);
    Result<std::vector<ValueId>> find(MlirFrame &frame, const std::vector<std::string_view> &names);

private:
    GraphBuilder &m_builder;
    CopyBudget m_budget;
    std::unordered_map<std::string, std::size_t> m_sameNames;
    std::unordered_set<std::size_t> m_awaited; ///< values that were used before they were defined
};

} // namespace syncpoint
