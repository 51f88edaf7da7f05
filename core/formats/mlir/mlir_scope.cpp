#include "core/formats/mlir/mlir_scope.h"

#include <fmt/format.h>

namespace syncpoint {

Result<ValueId> MlirValues::define(MlirFrame &frame, std::string_view name, std::string wanted,
                                   std::string_view type)
{
    const std::string key(name);
    const auto known = frame.values.find(key);
    const bool isAwaited =
        known != frame.values.end() && m_awaited.erase(known->second.index()) > 0;
    ValueId id = isAwaited ? known->second : ValueId{};
    if (!isAwaited) {
        wanted.insert(0, wanted.empty() ? frame.prefix + "value" : frame.prefix);
        // Values are known by the path of their scope and their name.
        const std::size_t path = m_builder.scopes()[frame.scope.index()].path.size();
        if (auto taken = m_budget.take(0, path + wanted.size()); !taken) {
            return taken.error();
        }
        std::string unique = wanted;
        for (std::size_t &count = m_sameNames[wanted];
             m_builder.findLocalValue(frame.scope, unique);) {
            unique = fmt::format("{}_{}", wanted, ++count + 1);
        }
        id = m_builder.localValue(frame.scope, unique);
        frame.values.insert_or_assign(key, id);
    }
    const MlirType declared = mlirType(type);
    Value &value = m_builder.edit(id);
    value.dtype = declared.dtype;
    value.shape = declared.shape;
    value.quantization = declared.quantization;
    return id;
}

Result<ValueId> MlirValues::find(MlirFrame &frame, std::string_view name)
{
    const std::string key(name);
    for (const MlirFrame *at = &frame; at != nullptr; at = at->outer) {
        if (const auto found = at->values.find(key); found != at->values.end()) {
            return found->second;
        }
    }
    const auto made = define(frame, name, "");
    if (made) {
        m_awaited.insert(made->index());
    }
    return made;
}

Result<std::vector<ValueId>> MlirValues::find(MlirFrame &frame,
                                              const std::vector<std::string_view> &names)
{
    std::vector<ValueId> values;
    for (const std::string_view name : names) {
        const auto value = find(frame, name);
        if (!value) {
            return value.error();
        }
        values.push_back(*value);
    }
    return values;
}

} // namespace syncpoint
