#include "core/formats/onnx/shape_rules.h"

#include <algorithm>

namespace syncpoint {

namespace {
constexpr std::string_view kReductions[] = {
    "ReduceL1",  "ReduceL2",   "ReduceLogSum", "ReduceLogSumExp", "ReduceMax",        "ReduceMean",
    "ReduceMin", "ReduceProd", "ReduceSum",    "ReduceSumSquare", "QLinearReduceMean"};

std::optional<Shape> reduced(const RuleInput &input, const std::optional<Integers> &axes)
{
    const auto from = input.shape(0);
    if (!from) {
        return std::nullopt;
    }
    const bool all = !axes || axes->empty();
    std::vector<bool> isReduced(from->size(), all);
    for (const std::int64_t axis : axes.value_or(Integers{})) {
        const auto at = absoluteAxis(axis, from->size());
        if (!at) {
            return std::nullopt;
        }
        isReduced[*at] = true;
    }
    const bool keeps = input.attribute("keepdims", 1) != 0;
    Shape result;
    for (std::size_t i = 0; i < from->size(); ++i) {
        if (!isReduced[i] || keeps) {
            result.push_back(isReduced[i] ? 1 : (*from)[i]);
        }
    }
    return result;
}

InferredValues reduce(const RuleInput &input)
{
    const auto axes = input.list("axes", 1);
    const bool axesAreUnknown = input.has(1) && !axes && input.node().opType != "QLinearReduceMean";
    const bool isNoOp = (!axes || axes->empty()) && input.attribute("noop_with_empty_axes", 0) != 0;
    if (axesAreUnknown) {
        return one(input.dtype(0), std::nullopt);
    }
    return one(input.dtype(0), isNoOp ? input.shape(0) : reduced(input, axes));
}

InferredValues argument(const RuleInput &input)
{
    return one(DType::Int64, reduced(input, Integers{input.attribute("axis", 0)}));
}

InferredValues topK(const RuleInput &input)
{
    auto shape = input.shape(0);
    const auto axis =
        shape ? absoluteAxis(input.attribute("axis", -1), shape->size()) : std::nullopt;
    if (axis) {
        const auto k = input.integers(1);
        (*shape)[*axis] = k && k->size() == 1 ? extentOr((*k)[0]) : -1;
    }
    return {{input.dtype(0), axis ? shape : std::nullopt},
            {DType::Int64, axis ? shape : std::nullopt}};
}
} // namespace

void addReductionRules(RuleTable &table)
{
    for (const std::string_view op : kReductions) {
        table[op] = reduce;
    }
    table["ArgMax"] = argument;
    table["ArgMin"] = argument;
    table["TopK"] = topK;
}

} // namespace syncpoint
