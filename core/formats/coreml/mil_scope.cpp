#include "core/formats/coreml/mil_scope.h"

#include <fmt/format.h>

namespace syncpoint {

const MilValue *MilFrame::constant(std::string_view name) const
{
    for (const MilFrame *at = this; at != nullptr; at = at->enclosing) {
        if (at->values.count(name) != 0) {
            return nullptr;
        }
        if (const auto found = at->constants.find(name); found != at->constants.end()) {
            return found->second->findAttribute("val");
        }
    }
    return nullptr;
}

ValueId MilValues::declare(MilFrame &frame, const MilNamedType &named)
{
    const ValueId id = m_builder.localValue(frame.scope, named.name);
    if (id.isValid()) {
        frame.values.insert_or_assign(named.name, id);
        Value &value = m_builder.edit(id);
        value.dtype = named.type.dtype;
        value.shape = named.type.kind == MilType::Kind::Tensor ? named.type.shape : std::nullopt;
    }
    return id;
}

ValueId MilValues::find(const MilFrame &frame, std::string_view name)
{
    for (const MilFrame *at = &frame; at != nullptr; at = at->enclosing) {
        if (const auto found = at->values.find(name); found != at->values.end()) {
            return found->second;
        }
    }
    return m_builder.value(frame.scope, name);
}

Result<ValueId> MilValues::addConstant(ScopeId scope, std::string_view name, const MilValue &value)
{
    if (const auto known = m_builder.findLocalValue(scope, name)) {
        return *known;
    }
    auto tensor = m_tensors.read(value);
    if (!tensor) {
        return tensor.error().withContext(fmt::format("constant '{}'", name.substr(0, 80)));
    }
    const ValueId id = m_builder.localValue(scope, name);
    if (!id.isValid()) {
        return id;
    }
    if (*tensor) {
        m_builder.setConstant(id, **std::move(tensor));
    } else {
        m_builder.setConstantWithoutData(id, value.type.dtype, value.type.shape.value_or(Shape{}));
    }
    return id;
}

} // namespace syncpoint
