#include "core/formats/coreml/weight_op.h"

#include <algorithm>

namespace syncpoint {

ValueId WeightOp::operand(std::string_view parameter) const
{
    const auto found = std::find_if(operands.begin(), operands.end(),
                                    [&](const auto &entry) { return entry.first == parameter; });
    return found == operands.end() ? ValueId{} : found->second;
}

std::vector<std::int64_t> WeightOp::integers(std::string_view attribute) const
{
    const Attribute *found = node.findAttribute(attribute);
    if (found == nullptr) {
        return {};
    }
    if (const auto *one = std::get_if<std::int64_t>(&found->data)) {
        return {*one};
    }
    const auto *list = std::get_if<std::vector<std::int64_t>>(&found->data);
    return list != nullptr ? *list : std::vector<std::int64_t>{};
}

std::optional<std::size_t> WeightOp::axis(std::string_view attribute, std::size_t rank) const
{
    const auto listed = integers(attribute);
    const auto extent = static_cast<std::int64_t>(rank);
    if (listed.size() != 1 || listed.front() < -extent || listed.front() >= extent) {
        return std::nullopt;
    }
    return static_cast<std::size_t>((listed.front() + extent) % extent);
}

} // namespace syncpoint
