#pragma once
#include "core/graph/graph.h"

namespace syncpoint::test {

/// A tensor of one axis, all ones.
inline Tensor someFloats(std::int64_t count)
{
    return Tensor::fromFloats({count}, std::vector<float>(static_cast<std::size_t>(count), 1.0F));
}

/// "-" for an operand that is left out.
inline std::vector<std::string> names(const Graph &graph, const std::vector<ValueId> &ids)
{
    std::vector<std::string> out;
    for (const ValueId id : ids) {
        out.push_back(id.isValid() ? graph.value(id).name : "-");
    }
    return out;
}

} // namespace syncpoint::test
