#include "core/formats/bounded_json.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string>

namespace syncpoint {
namespace {

/// Where a string that starts at `at` ends; the end of the text when it does not.
std::size_t endOfString(std::string_view text, std::size_t at)
{
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        at += text[at] == '\\' ? std::size_t{1} : std::size_t{0};
    }
    return at;
}

/// Counts brackets and separators, which no value can do without.
Result<void> checkSize(std::string_view text, const JsonLimits &limits)
{
    if (text.size() > limits.bytes) {
        return Error{ErrorCode::Limit,
                     fmt::format("the JSON text has {} bytes, more than the limit of {}",
                                 text.size(), limits.bytes)};
    }
    std::size_t values = 0;
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        switch (text[at]) {
        case '"':
            at = endOfString(text, at);
            break;
        case '{':
        case '[':
            ++values;
            if (++depth > limits.depth) {
                return Error{ErrorCode::Limit,
                             fmt::format("the JSON text nests more than {} deep at byte {}",
                                         limits.depth, at)};
            }
            break;
        case '}':
        case ']':
            depth -= std::min<std::size_t>(depth, 1);
            break;
        case ',':
            ++values;
            break;
        default:
            break;
        }
    }
    if (values > limits.values) {
        return Error{ErrorCode::Limit,
                     fmt::format("the JSON text has more than {} values", limits.values)};
    }
    return {};
}

/// Python writes NaN, Infinity and -Infinity bare, which JSON does not know: they become strings.
std::string withQuotedNonFinite(std::string_view text)
{
    std::string out;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"') {
            at = endOfString(text, at);
            continue;
        }
        for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
            if (text.substr(at, word.size()) == word) {
                out.append(text.substr(copied, at - copied)).append(1, '"').append(word) += '"';
                at += word.size() - 1;
                copied = at + 1;
                break;
            }
        }
    }
    return out.append(text.substr(copied));
}

Result<nlohmann::json> parse(std::string_view text)
{
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::parse_error &problem) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("the JSON text is damaged at byte {}", problem.byte)};
    } catch (const nlohmann::json::exception &) { // a number out of range
        return Error{ErrorCode::BadFormat, "the JSON text has a number that is out of range"};
    }
}

} // namespace

Result<nlohmann::json> parseBoundedJson(std::string_view text, const JsonLimits &limits)
{
    if (auto fits = checkSize(text, limits); !fits) {
        return fits.error();
    }
    auto parsed = parse(text);
    const bool isPythons = text.find("NaN") != std::string_view::npos ||
                           text.find("Infinity") != std::string_view::npos;
    if (parsed || !isPythons) {
        return parsed;
    }
    return parse(withQuotedNonFinite(text));
}

Result<nlohmann::json> readBoundedJson(const std::filesystem::path &path, const JsonLimits &limits)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    auto json = parseBoundedJson(asText((*file)->bytes()), limits);
    return json ? std::move(json) : json.error().withContext(path.filename().string());
}

std::vector<std::string_view> membersInOrder(std::string_view text, std::string_view member)
{
    std::vector<std::string_view> members;
    std::size_t depth = 0;
    bool isInside = false; // of the member's object
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        depth += c == '{' || c == '[' ? 1U : 0U;
        depth -= (c == '}' || c == ']') && depth > 0 ? 1U : 0U;
        if (c != '"') {
            continue;
        }
        const std::size_t end = endOfString(text, at);
        const std::string_view token = text.substr(at + 1, end - at - 1);
        const std::size_t next = text.find_first_not_of(" \t\r\n", end + 1);
        const bool isKey = next != std::string_view::npos && text[next] == ':';
        if (isKey && depth == 1) {
            isInside = token == member;
        } else if (isKey && depth == 2 && isInside && token.find('\\') == std::string_view::npos) {
            members.push_back(token);
        }
        at = end;
    }
    return members;
}

} // namespace syncpoint
