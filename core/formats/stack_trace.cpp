#include "core/formats/stack_trace.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace syncpoint {

namespace {
constexpr std::size_t kMostFrames = 256;
constexpr std::size_t kLongestText = 1024; // of a file or function name
constexpr std::size_t kMostStrings = 1024;

template <typename Visit>
void forEachLine(std::string_view text, Visit visit)
{
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        visit(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
}

std::optional<std::uint32_t> parseLine(std::string_view digits)
{
    std::uint32_t line = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), line);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    return line;
}

SourceFrame makeFrame(std::string_view file, std::uint32_t line, std::string_view function)
{
    return {std::string(file.substr(0, kLongestText)), line, 0,
            std::string(function.substr(0, kLongestText))};
}

/// "path.py(442): _conv_forward"
std::optional<SourceFrame> parseDocStringFrame(std::string_view text)
{
    const std::size_t close = text.rfind("): ");
    const std::size_t open = close == std::string_view::npos ? close : text.rfind('(', close);
    if (open == std::string_view::npos || open == 0) {
        return std::nullopt;
    }
    const auto line = parseLine(text.substr(open + 1, close - open - 1));
    if (!line) {
        return std::nullopt;
    }
    return makeFrame(text.substr(0, open), *line, text.substr(close + 3));
}

/// `  File "m.py", line 96, in forward`
std::optional<SourceFrame> parseTracebackFrame(std::string_view text)
{
    constexpr std::string_view kStart = "File \"";
    constexpr std::string_view kLine = "\", line ";
    constexpr std::string_view kIn = ", in ";
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (!text.starts_with(kStart)) {
        return std::nullopt;
    }
    text.remove_prefix(kStart.size());
    const std::size_t fileEnd = text.find(kLine);
    if (fileEnd == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view rest = text.substr(fileEnd + kLine.size());
    const std::size_t digitsEnd = rest.find(',');
    const auto line = parseLine(rest.substr(0, digitsEnd));
    if (!line) {
        return std::nullopt;
    }
    const std::size_t in = rest.find(kIn);
    const auto function = in == std::string_view::npos ? "" : rest.substr(in + kIn.size());
    return makeFrame(text.substr(0, fileEnd), *line, function);
}

/// The string literal at the start of `text`, which is consumed.
std::optional<std::string> takePythonString(std::string_view &text)
{
    const char quote = text.front();
    std::string result;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == quote) {
            text.remove_prefix(i + 1);
            return result;
        }
        if (text[i] == '\\' && i + 1 < text.size()) {
            ++i;
            result += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
        } else {
            result += text[i];
        }
    }
    return std::nullopt;
}
} // namespace

std::vector<SourceFrame> parseDocStringFrames(std::string_view docString)
{
    std::vector<SourceFrame> frames;
    forEachLine(docString, [&](std::string_view line) {
        if (frames.size() < kMostFrames) {
            if (auto frame = parseDocStringFrame(line)) {
                frames.push_back(std::move(*frame));
            }
        }
    });
    return frames;
}

std::vector<SourceFrame> parseTraceback(std::string_view traceback)
{
    std::vector<SourceFrame> frames;
    forEachLine(traceback, [&](std::string_view line) {
        if (frames.size() < kMostFrames) {
            if (auto frame = parseTracebackFrame(line)) {
                frames.push_back(std::move(*frame));
            }
        }
    });
    std::reverse(frames.begin(), frames.end());
    return frames;
}

std::vector<std::string> parsePythonStrings(std::string_view text)
{
    std::vector<std::string> strings;
    if (!text.starts_with('[')) {
        return strings;
    }
    text.remove_prefix(1);
    while (!text.empty() && strings.size() < kMostStrings) {
        const char c = text.front();
        if (c == ']') {
            return strings;
        }
        if (c == '\'' || c == '"') {
            auto item = takePythonString(text);
            if (!item) {
                break;
            }
            strings.push_back(std::move(*item));
        } else if (c == ',' || c == ' ') {
            text.remove_prefix(1);
        } else {
            break;
        }
    }
    return {};
}

} // namespace syncpoint
