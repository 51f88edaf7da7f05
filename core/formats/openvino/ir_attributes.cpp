#include "core/formats/openvino/ir_attributes.h"

#include "core/base/number_text.h"

#include <algorithm>
#include <array>

namespace syncpoint {

namespace {
std::string_view trimmed(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (!text.empty() && isSpace(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && isSpace(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

/// All parts between commas as numbers; nothing when one is none.
template <typename Number>
std::optional<std::vector<Number>> numbersOf(std::string_view text)
{
    std::vector<Number> numbers;
    for (bool isLast = false; !isLast;) {
        const std::size_t comma = text.find(',');
        isLast = comma == std::string_view::npos;
        const auto number = wholeNumber<Number>(trimmed(text.substr(0, comma)));
        if (!number) {
            return std::nullopt;
        }
        numbers.push_back(*number);
        text.remove_prefix(isLast ? text.size() : comma + 1);
    }
    return numbers;
}

template <typename Number>
Attribute::Data oneOrMany(std::vector<Number> numbers)
{
    if (numbers.size() == 1) {
        return numbers.front();
    }
    return numbers;
}
} // namespace

DType dtypeOfIr(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, DType>, 26> kTypes{{
        {"f64", DType::Float64},
        {"f32", DType::Float32},
        {"f16", DType::Float16},
        {"bf16", DType::BFloat16},
        {"f8e4m3", DType::Float8E4M3FN},
        {"f8e5m2", DType::Float8E5M2},
        {"f8e8m0", DType::Float8E8M0},
        {"f4e2m1", DType::Float4E2M1},
        {"i64", DType::Int64},
        {"i32", DType::Int32},
        {"i16", DType::Int16},
        {"i8", DType::Int8},
        {"i4", DType::Int4},
        {"u64", DType::UInt64},
        {"u32", DType::UInt32},
        {"u16", DType::UInt16},
        {"u8", DType::UInt8},
        {"u6", DType::UInt6},
        {"u4", DType::UInt4},
        {"u3", DType::UInt3},
        {"u2", DType::UInt2},
        {"u1", DType::UInt1},
        {"boolean", DType::Bool},
        {"bool", DType::Bool},
        {"bin", DType::UInt1},
        {"string", DType::String},
    }};
    std::string lower(name.substr(0, 16));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower.starts_with("fp")) { // ports say FP32 where constants say f32
        lower.erase(1, 1);
    }
    const auto *found = std::find_if(kTypes.begin(), kTypes.end(),
                                     [&](const auto &known) { return known.first == lower; });
    return found == kTypes.end() ? DType::Undefined : found->second;
}

bool isDecodedIrType(std::string_view name)
{
    const DType dtype = dtypeOfIr(name);
    // OpenVINO stores one and two bits from the highest one on (newer versions do not), and splits
    // those of three and six over bytes.
    const bool isPackedOtherwise = dtype == DType::UInt1 || dtype == DType::UInt2 ||
                                   dtype == DType::UInt3 || dtype == DType::UInt6;
    return isNumeric(dtype) && !isPackedOtherwise;
}

std::optional<Shape> shapeOfIr(std::string_view text)
{
    if (trimmed(text).empty()) {
        return Shape{};
    }
    Shape shape;
    for (bool isLast = false; !isLast;) {
        const std::size_t comma = text.find(',');
        isLast = comma == std::string_view::npos;
        const std::string_view part = trimmed(text.substr(0, comma));
        const bool isRange = part == "?" || part.find("..") != std::string_view::npos;
        const auto extent =
            isRange ? std::optional<std::int64_t>(-1) : wholeNumber<std::int64_t>(part);
        if (!extent) {
            return std::nullopt;
        }
        shape.push_back(std::max<std::int64_t>(*extent, -1));
        text.remove_prefix(isLast ? text.size() : comma + 1);
    }
    return shape;
}

Attribute attributeOfIr(std::string_view name, std::string_view text)
{
    Attribute attribute{std::string(name), std::string(text)};
    if (auto integers = numbersOf<std::int64_t>(text)) {
        attribute.data = oneOrMany(*std::move(integers));
    } else if (auto reals = numbersOf<double>(text)) {
        attribute.data = oneOrMany(*std::move(reals));
    }
    return attribute;
}

std::vector<std::string> namesOfIr(std::string_view list)
{
    std::vector<std::string> names(1);
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i] == '\\' && i + 1 < list.size() && list[i + 1] == ',') {
            names.back() += list[++i];
        } else if (list[i] == ',') {
            names.emplace_back();
        } else {
            names.back() += list[i];
        }
    }
    std::erase(names, "");
    return names;
}

} // namespace syncpoint
