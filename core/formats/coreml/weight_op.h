#pragma once
#include "core/graph/graph.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncpoint {

/// A `constexpr_…` op of a program and what it reads, by the name of its parameters.
struct WeightOp
{
    using Operands = std::vector<std::pair<std::string, ValueId>>;

    const Node &node;
    const Operands &operands;

    /// Invalid when the op does not have it.
    ValueId operand(std::string_view parameter) const;
    /// One or several integers; empty when the op does not have the attribute.
    std::vector<std::int64_t> integers(std::string_view attribute) const;
    /// An axis, which may count from the end, of a tensor with `rank` axes; nothing when it is
    /// missing or out of range.
    std::optional<std::size_t> axis(std::string_view attribute, std::size_t rank) const;
};

} // namespace syncpoint
