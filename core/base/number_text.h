#pragma once
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

namespace syncpoint {

/// The number that the whole text is; nothing when it is none, does not fit or more follows.
template <typename Number>
std::optional<Number> wholeNumber(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                    : std::nullopt;
}

/// The number behind `prefix` that ends the name: 12 of "step12".
inline std::optional<std::size_t> numberAfter(std::string_view prefix, std::string_view name)
{
    std::size_t number = 0;
    const char *end = name.data() + name.size();
    if (!name.starts_with(prefix) ||
        std::from_chars(name.data() + prefix.size(), end, number).ptr != end) {
        return std::nullopt;
    }
    return number;
}

} // namespace syncpoint
