#pragma once
#include "core/formats/coreml/mil_program.h"
#include "core/formats/coreml/mil_tensors.h"
#include "core/graph/graph_builder.h"

#include <string_view>
#include <unordered_map>

namespace syncpoint {

/// What names mean in a block; blocks inside see the enclosing ones. Constants become values of the
/// graph when an op reads them.
struct MilFrame
{
    const MilFrame *enclosing = nullptr;
    ScopeId scope;
    std::unordered_map<std::string_view, ValueId> values;
    std::unordered_map<std::string_view, const MilOperation *> constants;

    /// The constant of this name; null when there is none or the name is that of a computed value.
    const MilValue *constant(std::string_view name) const;
};

/// Makes and finds the values of all frames.
class MilValues
{
public:
    MilValues(MilTensors &tensors, GraphBuilder &builder) : m_tensors(tensors), m_builder(builder)
    {
    }

    /// The value of an input of the block or a result of an op.
    ValueId declare(MilFrame &frame, const MilNamedType &named);
    /// What the name means here; one that nothing defines is made.
    ValueId find(const MilFrame &frame, std::string_view name);
    /// The value of a constant; the first one of a name in a scope counts.
    Result<ValueId> addConstant(ScopeId scope, std::string_view name, const MilValue &value);

private:
    MilTensors &m_tensors;
    GraphBuilder &m_builder;
};

} // namespace syncpoint
