#include "core/formats/polygraphy/text_skeleton.h"

#include <charconv>
#include <fmt/format.h>

namespace syncpoint::polygraphy {

namespace {
constexpr std::size_t kLongString = 256;
constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
constexpr std::string_view kMark = "@text:"; ///< followed by offset and length
} // namespace

Result<std::string> skeletonOf(std::string_view text)
{
    std::string out;
    std::size_t copied = 0;
    const auto copyTo = [&](std::size_t end) { out.append(text.substr(copied, end - copied)); };
    for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
        const std::size_t start = ++at;
        at = text.find_first_of("\"\\", at);
        while (at != std::string_view::npos && text[at] == '\\') {
            at = text.find_first_of("\"\\", std::min(at + 2, text.size()));
        }
        if (at == std::string_view::npos) {
            break; // an open string: the parser says so
        }
        if (at - start > kLongString) {
            copyTo(start);
            out += fmt::format("{}{},{}", kMark, start, at - start);
            copied = at;
        }
        if (out.size() > kMostBytes) {
            break;
        }
        ++at;
    }
    copyTo(std::min(text.size(), copied + kMostBytes + 1));
    if (out.size() > kMostBytes) {
        return Error{ErrorCode::Limit, "the JSON text besides the arrays is implausibly long"};
    }
    return out;
}

std::string_view referredText(std::string_view string, std::string_view text)
{
    if (!string.starts_with(kMark)) {
        return string;
    }
    const char *end = string.data() + string.size();
    std::size_t offset = 0;
    std::size_t length = 0;
    const auto first = std::from_chars(string.data() + kMark.size(), end, offset);
    const bool isPair = first.ec == std::errc{} && first.ptr != end && *first.ptr == ',' &&
                        std::from_chars(first.ptr + 1, end, length).ec == std::errc{};
    return isPair && offset <= text.size() ? text.substr(offset, length) : std::string_view();
}

} // namespace syncpoint::polygraphy
