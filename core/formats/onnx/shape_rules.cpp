#include "core/formats/onnx/shape_rules.h"

#include "core/tensor/decode.h"

#include <algorithm>

namespace syncpoint {

namespace {
constexpr std::int64_t kLargestExtent = std::int64_t{1} << 48U;
}

DType RuleInput::dtype(std::size_t slot) const
{
    return has(slot) ? m_builder.values()[m_node.inputs[slot].index()].dtype : DType::Undefined;
}

std::optional<Shape> RuleInput::shape(std::size_t slot) const
{
    if (!has(slot)) {
        return std::nullopt;
    }
    const auto &shape = m_builder.values()[m_node.inputs[slot].index()].shape;
    return shape && shape->size() <= kHighestInferredRank ? shape : std::nullopt;
}

std::optional<Integers> RuleInput::integers(std::size_t slot) const
{
    if (!has(slot)) {
        return std::nullopt;
    }
    const auto known = m_integers.find(m_node.inputs[slot]);
    return known == m_integers.end() ? std::nullopt : std::optional(known->second);
}

std::optional<std::vector<double>> RuleInput::reals(std::size_t slot) const
{
    if (!has(slot)) {
        return std::nullopt;
    }
    const auto &constant = m_builder.values()[m_node.inputs[slot].index()].constant;
    if (!constant || !isFloat(constant->info().dtype) || constant->elements() > kMostIntegers) {
        return std::nullopt;
    }
    std::vector<double> values(constant->elements());
    decode(constant->view(), 0, std::span<double>(values));
    return values;
}

std::int64_t RuleInput::attribute(std::string_view name, std::int64_t missing) const
{
    const Attribute *found = m_node.findAttribute(name);
    const auto *value = found ? std::get_if<std::int64_t>(&found->data) : nullptr;
    return value ? *value : missing;
}

std::optional<Integers> RuleInput::listAttribute(std::string_view name) const
{
    const Attribute *found = m_node.findAttribute(name);
    const auto *value = found ? std::get_if<Integers>(&found->data) : nullptr;
    return value && value->size() <= kMostIntegers ? std::optional(*value) : std::nullopt;
}

std::string_view RuleInput::textAttribute(std::string_view name) const
{
    const Attribute *found = m_node.findAttribute(name);
    const auto *value = found ? std::get_if<std::string>(&found->data) : nullptr;
    return value ? std::string_view(*value) : std::string_view{};
}

std::optional<Integers> RuleInput::list(std::string_view name, std::size_t slot) const
{
    return has(slot) ? integers(slot) : listAttribute(name);
}

std::vector<InferredValues> RuleInput::bodyOutputs() const
{
    std::vector<InferredValues> result;
    for (const ScopeId body : m_node.bodies) {
        auto &outputs = result.emplace_back();
        for (const ValueId output : m_builder.scopes()[body.index()].outputs) {
            const Value &value = m_builder.values()[output.index()];
            outputs.push_back({value.dtype, value.shape});
        }
    }
    return result;
}

std::int64_t extentOr(__int128_t extent)
{
    return extent >= 0 && extent <= kLargestExtent ? static_cast<std::int64_t>(extent) : -1;
}

std::optional<std::size_t> absoluteAxis(std::int64_t axis, std::size_t rank)
{
    const auto signedRank = static_cast<std::int64_t>(rank);
    if (axis < -signedRank || axis >= signedRank) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(axis < 0 ? axis + signedRank : axis);
}

std::optional<Shape> broadcast(const Shape &a, const Shape &b)
{
    const std::size_t rank = std::max(a.size(), b.size());
    Shape result(rank);
    for (std::size_t i = 0; i < rank; ++i) {
        const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
        const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
        if (x >= 0 && y >= 0 && x != y && x != 1 && y != 1) {
            return std::nullopt;
        }
        // An unknown extent meets a known one: any extent other than 1 decides.
        const bool isUnknown = (x < 0 && y <= 1) || (y < 0 && x <= 1);
        result[rank - 1 - i] = isUnknown && (x < 0 || y < 0) ? -1 : (x == 1 || x < 0) ? y : x;
    }
    return result;
}

InferredValues one(DType dtype, std::optional<Shape> shape)
{
    InferredValues values(1);
    values[0].dtype = dtype;
    values[0].shape = std::move(shape);
    return values;
}

} // namespace syncpoint
