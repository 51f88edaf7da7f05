#include "compare/align/permutation.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <numeric>
#include <string_view>

namespace syncpoint {
namespace {

bool isPermutation(const std::vector<std::size_t> &axes)
{
    std::vector<bool> seen(axes.size());
    for (const std::size_t axis : axes) {
        if (axis >= axes.size() || seen[axis]) {
            return false;
        }
        seen[axis] = true;
    }
    return true;
}

/// Negative axes count from the last one.
std::optional<std::vector<std::size_t>> listedAxes(const std::vector<std::int64_t> &listed)
{
    std::vector<std::size_t> axes;
    for (const std::int64_t axis : listed) {
        axes.push_back(static_cast<std::size_t>(axis) + (axis < 0 ? listed.size() : 0));
    }
    return isPermutation(axes) ? std::optional(std::move(axes)) : std::nullopt;
}

std::optional<std::size_t> axisAttribute(const Node &node, std::string_view name, std::size_t rank)
{
    const Attribute *attribute = node.findAttribute(name);
    const auto *axis = attribute ? std::get_if<std::int64_t>(&attribute->data) : nullptr;
    if (axis == nullptr) {
        return std::nullopt;
    }
    const std::size_t fromStart = static_cast<std::size_t>(*axis) + (*axis < 0 ? rank : 0);
    return fromStart < rank ? std::optional(fromStart) : std::nullopt;
}

std::optional<std::vector<std::int64_t>> smallIntegers(const Value &value)
{
    constexpr std::uint64_t kHighestRank = 64;
    if (!value.constant || !isInteger(value.constant->info().dtype) ||
        value.constant->elements() > kHighestRank) {
        return std::nullopt;
    }
    std::vector<std::int64_t> numbers(value.constant->elements());
    decodeRaw(value.constant->view(), 0, numbers);
    return numbers;
}

} // namespace

std::optional<std::vector<std::size_t>> permutationOf(const Graph &graph, const Node &node)
{
    for (const std::string_view name : {"perm", "dims"}) {
        if (const Attribute *attribute = node.findAttribute(name)) {
            const auto *listed = std::get_if<std::vector<std::int64_t>>(&attribute->data);
            return listed == nullptr ? std::nullopt : listedAxes(*listed);
        }
    }
    if (node.inputs.size() == 2 && node.inputs[1].isValid()) { // the order is an operand
        const auto listed = smallIntegers(graph.value(node.inputs[1]));
        return listed ? listedAxes(*listed) : std::nullopt;
    }
    const auto &shape = graph.value(node.inputs.front()).shape;
    if (!shape) {
        return std::nullopt;
    }
    std::vector<std::size_t> axes(shape->size());
    std::iota(axes.begin(), axes.end(), std::size_t{0});
    const auto first = axisAttribute(node, "dim0", axes.size());
    const auto second = axisAttribute(node, "dim1", axes.size());
    if (first && second) {
        std::swap(axes[*first], axes[*second]);
        return axes;
    }
    std::reverse(axes.begin(), axes.end());
    return node.opType == "Transpose" || node.opType == "aten.t.default" ? std::optional(axes)
                                                                         : std::nullopt;
}

} // namespace syncpoint
