#include "compare/session/input_text.h"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <optional>

namespace syncpoint {

namespace {

std::optional<double> parseNumber(std::string_view text)
{
    double number = 0.0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    return end.ec == std::errc() && end.ptr == text.data() + text.size() ? std::optional(number)
                                                                         : std::nullopt;
}

/// "LOW..HIGH"
std::optional<RandomRange> parseRange(std::string_view text)
{
    const auto dots = text.find("..");
    const auto low = parseNumber(text.substr(0, dots));
    const auto high =
        dots == std::string_view::npos ? std::nullopt : parseNumber(text.substr(dots + 2));
    return low && high && *low <= *high ? std::optional(RandomRange{*low, *high}) : std::nullopt;
}

/// Whether it looks like a file: whether there is one is found out when it is read.
bool isFileName(const std::string &text)
{
    const std::filesystem::path path(text);
    std::error_code ignored;
    return path.has_extension() || std::filesystem::is_directory(path, ignored);
}

Result<InputFill> parseFill(const std::string &text)
{
    constexpr std::string_view kRandom = "random:";
    InputFill fill;
    if (text == "zeros") {
        fill.kind = InputFill::Kind::Zeros;
    } else if (text == "ones") {
        fill.kind = InputFill::Kind::Ones;
    } else if (text == "random") {
        fill.kind = InputFill::Kind::Random;
    } else if (const auto range = text.starts_with(kRandom)
                                      ? parseRange(std::string_view(text).substr(kRandom.size()))
                                      : std::nullopt) {
        fill.range = *range;
    } else if (const auto number = parseNumber(text)) {
        fill.kind = InputFill::Kind::Number;
        fill.number = *number;
    } else if (!text.starts_with(kRandom) && isFileName(text)) {
        fill.kind = InputFill::Kind::File;
        fill.file = text;
    } else {
        return Error{ErrorCode::BadInput,
                     fmt::format("--input takes a file or a folder, zeros, ones, random, "
                                 "random:LOW..HIGH or a number, not '{}'",
                                 text)};
    }
    return fill;
}

Result<Shape> parseShape(const std::string &text)
{
    Shape shape;
    const char *at = text.data();
    const char *const end = at + text.size();
    while (at < end) {
        std::int64_t extent = 0;
        const auto parsed = std::from_chars(at, end, extent);
        if (parsed.ec != std::errc() || extent < 0 || (parsed.ptr < end && *parsed.ptr != ',')) {
            return Error{ErrorCode::BadInput,
                         fmt::format("--shape takes extents such as 1,3,224,224, not '{}'", text)};
        }
        shape.push_back(extent);
        at = parsed.ptr + (parsed.ptr < end ? 1 : 0);
    }
    return shape;
}

} // namespace

Result<std::pair<std::string, std::string>> splitAssignment(const std::string &text,
                                                            std::string_view option)
{
    const std::size_t at = text.rfind('=');
    if (at == std::string::npos || at == 0 || at + 1 == text.size()) {
        return Error{ErrorCode::BadInput,
                     fmt::format("{} takes NAME=VALUE, not '{}'", option, text)};
    }
    return std::pair(text.substr(0, at), text.substr(at + 1));
}

Result<void> addInputFill(InputSource &inputs, const std::string &text)
{
    const auto parts = splitAssignment(text, "--input");
    if (!parts) {
        return parts.error();
    }
    const auto fill = parseFill(parts->second);
    if (!fill) {
        return fill.error();
    }
    inputs.perInput[parts->first] = *fill;
    return {};
}

Result<void> addInputShape(InputSource &inputs, const std::string &text)
{
    const auto parts = splitAssignment(text, "--shape");
    if (!parts) {
        return parts.error();
    }
    const auto shape = parseShape(parts->second);
    if (!shape) {
        return shape.error();
    }
    inputs.shapes[parts->first] = *shape;
    return {};
}

Result<std::vector<double>> numbersFromText(const std::string &text, std::string_view option)
{
    std::vector<double> numbers;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto number = parseNumber(rest.substr(0, comma));
        const bool isLastEmpty = comma + 1 == rest.size();
        if (!number || !std::isfinite(*number) || isLastEmpty) {
            return Error{ErrorCode::BadInput,
                         fmt::format("{} takes numbers such as 0.5 or 0.485,0.456,0.406, not '{}'",
                                     option, text)};
        }
        numbers.push_back(*number);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    return numbers;
}

std::string toText(const std::string &name, const InputFill &fill)
{
    switch (fill.kind) {
    case InputFill::Kind::Zeros:
        return name + "=zeros";
    case InputFill::Kind::Ones:
        return name + "=ones";
    case InputFill::Kind::Number:
        return fmt::format("{}={}", name, fill.number);
    case InputFill::Kind::File:
        return name + "=" + fill.file.string();
    case InputFill::Kind::Random:
        break;
    }
    return fill.range == RandomRange()
               ? name + "=random"
               : fmt::format("{}=random:{}..{}", name, fill.range.low, fill.range.high);
}

std::string toText(const std::string &name, const Shape &shape)
{
    return fmt::format("{}={}", name, fmt::join(shape, ","));
}

std::string toText(const std::vector<double> &numbers)
{
    return fmt::format("{}", fmt::join(numbers, ","));
}

} // namespace syncpoint
