#include "compare/attribute/attribute_check.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace syncpoint {
namespace {

constexpr double kSame = 1e-5; // relative: attributes are float32, and some exporters print them

bool isSame(double a, double b)
{
    return std::abs(a - b) <= kSame * std::max(std::abs(a), std::abs(b));
}

/// The number of axes of what the op reads; 0 when it is not known.
std::int64_t rankOf(const Graph &graph, const Node &node)
{
    const bool hasInput = !node.inputs.empty() && node.inputs.front().isValid();
    const auto &shape = hasInput ? graph.value(node.inputs.front()).shape : std::nullopt;
    return shape ? static_cast<std::int64_t>(shape->size()) : 0;
}

bool differs(const Attribute &own, const Attribute &other, std::int64_t rank)
{
    if (own.data.index() != other.data.index()) {
        return false; // another opset writes it another way
    }
    if (const auto *number = std::get_if<std::int64_t>(&own.data)) {
        const std::int64_t apart = *number - std::get<std::int64_t>(other.data);
        const bool isAxis = own.name == "axis";
        return apart != 0 && !(isAxis && (rank == 0 || std::abs(apart) == rank));
    }
    if (const auto *number = std::get_if<double>(&own.data)) {
        return !isSame(*number, std::get<double>(other.data));
    }
    if (const auto *list = std::get_if<std::vector<std::int64_t>>(&own.data)) {
        return *list != std::get<std::vector<std::int64_t>>(other.data);
    }
    return false;
}

} // namespace

std::vector<std::string> differingAttributes(const Graph &baseline, NodeId baselineOp,
                                             const Graph &candidate, NodeId candidateOp)
{
    std::vector<std::string> found;
    const Node &own = baseline.node(baselineOp);
    const Node &other = candidate.node(candidateOp);
    if (own.opType != other.opType || own.domain != other.domain) {
        return found;
    }
    for (const Attribute &attribute : own.attributes) {
        const Attribute *twin = other.findAttribute(attribute.name);
        const bool isLayout =
            attribute.name == "transA" || attribute.name == "transB" || attribute.name == "perm";
        if (twin != nullptr && !isLayout && differs(attribute, *twin, rankOf(baseline, own))) {
            found.push_back(fmt::format("'{}' is {} in the candidate and {} in the baseline",
                                        attribute.name, toText(*twin), toText(attribute)));
        }
    }
    return found;
}

} // namespace syncpoint
