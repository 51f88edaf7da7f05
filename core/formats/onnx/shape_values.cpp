#include "core/formats/onnx/shape_rules.h"

#include <algorithm>

namespace syncpoint {

namespace {
InferredValues shapeOf(const RuleInput &input)
{
    const auto shape = input.shape(0);
    if (!shape) {
        return one(DType::Int64, Shape{-1});
    }
    const auto rank = static_cast<std::int64_t>(shape->size());
    const auto bound = [rank](std::int64_t at) {
        return std::clamp<std::int64_t>(at < 0 ? std::max(at, -rank) + rank : at, 0, rank);
    };
    const std::int64_t start = bound(input.attribute("start", 0));
    const std::int64_t end = std::max(start, bound(input.attribute("end", rank)));
    InferredValues result = one(DType::Int64, Shape{end - start});
    const Integers part(shape->begin() + start, shape->begin() + end);
    // An unknown extent must not be taken for Reshape's −1.
    if (std::all_of(part.begin(), part.end(), [](std::int64_t extent) { return extent >= 0; })) {
        result[0].integers = part;
    }
    return result;
}

InferredValues sizeOf(const RuleInput &input)
{
    InferredValues result = one(DType::Int64, Shape{});
    const auto shape = input.shape(0);
    const auto count = shape ? elementCount(*shape) : std::nullopt;
    if (count) {
        result[0].integers = Integers{static_cast<std::int64_t>(*count)};
    }
    return result;
}

InferredValues constantOfShape(const RuleInput &input)
{
    const Attribute *value = input.node().findAttribute("value");
    const auto *tensor = value ? std::get_if<Tensor>(&value->data) : nullptr;
    auto shape = input.integers(0);
    if (shape &&
        std::any_of(shape->begin(), shape->end(), [](auto extent) { return extent < 0; })) {
        shape.reset();
    }
    return one(tensor ? tensor->info().dtype : DType::Float32, shape);
}

InferredValues range(const RuleInput &input)
{
    const auto start = input.integers(0);
    const auto limit = input.integers(1);
    const auto step = input.integers(2);
    std::int64_t extent = -1;
    if (start && limit && step && start->size() == 1 && limit->size() == 1 && step->size() == 1 &&
        (*step)[0] > 0) {
        const __int128_t width = static_cast<__int128_t>((*limit)[0]) - (*start)[0];
        extent = width <= 0 ? 0 : extentOr((width + (*step)[0] - 1) / (*step)[0]);
    }
    return one(input.dtype(0), Shape{extent});
}

/// Both sides of equal length, or one side a single number; nothing on overflow.
template <typename Operation>
std::optional<Integers> combine(const RuleInput &input, Operation operation)
{
    const auto a = input.integers(0);
    const auto b = input.integers(1);
    if (!a || !b || a->empty() || b->empty() ||
        (a->size() != b->size() && a->size() != 1 && b->size() != 1)) {
        return std::nullopt;
    }
    Integers result(std::max(a->size(), b->size()));
    for (std::size_t i = 0; i < result.size(); ++i) {
        const auto value = operation((*a)[a->size() == 1 ? 0 : i], (*b)[b->size() == 1 ? 0 : i]);
        if (!value) {
            return std::nullopt;
        }
        result[i] = *value;
    }
    return result;
}

std::optional<std::int64_t> narrow(__int128_t value)
{
    const auto result = static_cast<std::int64_t>(value);
    return result == value ? std::optional(result) : std::nullopt;
}

std::optional<Integers> valuesOfArithmetic(const RuleInput &input)
{
    const std::string_view op = input.node().opType;
    return combine(input, [op](__int128_t a, __int128_t b) -> std::optional<std::int64_t> {
        if (op == "Add") {
            return narrow(a + b);
        }
        if (op == "Sub") {
            return narrow(a - b);
        }
        if (op == "Mul") {
            return narrow(a * b);
        }
        return b == 0 ? std::nullopt : narrow(a / b); // Div rounds towards zero
    });
}

std::optional<Integers> gathered(const RuleInput &input)
{
    const auto from = input.integers(0);
    const auto indices = input.integers(1);
    if (!from || !indices || input.attribute("axis", 0) != 0) {
        return std::nullopt;
    }
    Integers result;
    for (const std::int64_t index : *indices) {
        const auto at = absoluteAxis(index, from->size());
        if (!at) {
            return std::nullopt;
        }
        result.push_back((*from)[*at]);
    }
    return result;
}

std::optional<Integers> concatenated(const RuleInput &input)
{
    Integers result;
    for (std::size_t i = 0; i < input.inputCount(); ++i) {
        const auto part = input.integers(i);
        if (!part || result.size() + part->size() > kMostIntegers) {
            return std::nullopt;
        }
        result.insert(result.end(), part->begin(), part->end());
    }
    return result;
}

std::optional<Integers> sliced(const RuleInput &input)
{
    const auto from = input.integers(0);
    const auto starts = input.list("starts", 1);
    const auto ends = input.list("ends", 2);
    const auto steps = input.integers(4);
    const bool isPlain = from && starts && ends && starts->size() == 1 && ends->size() == 1 &&
                         (!input.has(4) || (steps && *steps == Integers{1}));
    if (!isPlain) {
        return std::nullopt;
    }
    const auto size = static_cast<std::int64_t>(from->size());
    const auto bound = [size](std::int64_t at) {
        return std::clamp<std::int64_t>(at < 0 ? std::max(at, -size) + size : at, 0, size);
    };
    const std::int64_t first = bound((*starts)[0]);
    const std::int64_t last = std::max(first, bound((*ends)[0]));
    return Integers(from->begin() + first, from->begin() + last);
}

std::optional<Integers> product(const RuleInput &input)
{
    const auto from = input.integers(0);
    if (!from) {
        return std::nullopt;
    }
    std::int64_t result = 1;
    for (const std::int64_t value : *from) {
        if (__builtin_mul_overflow(result, value, &result)) {
            return std::nullopt;
        }
    }
    return Integers{result};
}
} // namespace

std::optional<Integers> evaluateIntegers(const RuleInput &input)
{
    const std::string_view op = input.node().opType;
    if (op == "Add" || op == "Sub" || op == "Mul" || op == "Div") {
        return valuesOfArithmetic(input);
    }
    if (op == "Gather") {
        return gathered(input);
    }
    if (op == "Concat") {
        return concatenated(input);
    }
    if (op == "Slice") {
        return sliced(input);
    }
    if (op == "ReduceProd") {
        return product(input);
    }
    const bool toInteger = op == "Cast" && (input.attribute("to", 0) == 6 /* int32 */ ||
                                            input.attribute("to", 0) == 7 /* int64 */);
    if (toInteger || op == "Identity" || op == "Squeeze" || op == "Unsqueeze" || op == "Reshape") {
        return input.integers(0);
    }
    return std::nullopt;
}

void addShapeValueRules(RuleTable &table)
{
    table["Shape"] = shapeOf;
    table["Size"] = sizeOf;
    table["ConstantOfShape"] = constantOfShape;
    table["Range"] = range;
}

} // namespace syncpoint
