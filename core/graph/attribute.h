#pragma once
#include "core/graph/ids.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace syncpoint {

/// An op's attribute. A subgraph is a link to its scope (see Graph::scope()).
struct Attribute
{
    using Data =
        std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::int64_t>,
                     std::vector<double>, std::vector<std::string>, Tensor, ScopeId>;
    std::string name;
    Data data; ///< monostate: a kind we do not interpret
};

/// The attribute for display, shortened to about `limit` characters: "[1, 1]", "\"SAME_UPPER\"".
std::string toText(const Attribute &attribute, std::size_t limit = 80);

} // namespace syncpoint
