#include "core/formats/pytorch/module_stack.h"

#include <algorithm>
#include <cctype>

namespace syncpoint::pytorch {
namespace {

constexpr std::size_t kMostItems = 64;
constexpr std::size_t kLongestText = 1024; // of a path or class name

/// The parts between separators that stand outside of brackets.
std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    int depth = 0;
    std::size_t start = 0;
    for (std::size_t at = 0; at < text.size() && parts.size() < kMostItems; ++at) {
        const char c = text[at];
        depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
        if (c == separator && depth <= 0) {
            parts.push_back(text.substr(start, at - start));
            start = at + 1;
        }
    }
    parts.push_back(text.substr(start));
    return parts;
}

/// "layer1.0@1" → "layer1.0".
std::string_view withoutCallMark(std::string_view path)
{
    const std::size_t at = path.rfind('@');
    const bool isMark = at != std::string_view::npos && at + 1 < path.size() &&
                        std::all_of(path.begin() + static_cast<std::ptrdiff_t>(at) + 1, path.end(),
                                    [](unsigned char c) { return std::isdigit(c) != 0; });
    return isMark ? path.substr(0, at) : path;
}

/// "getattr(L['self'].layer1, '0')" → "L['self'].layer1.0": calls become dots.
std::string dotted(std::string_view path)
{
    std::string out;
    for (const char c : path) {
        if (c == '[' || c == ',') {
            out += '.';
        } else if (c != ']' && c != '(' && c != ')' && c != '\'' && c != '"' && c != ' ') {
            out += c;
        }
    }
    return out;
}

std::string plainPath(std::string_view path)
{
    path = withoutCallMark(path.substr(0, kLongestText));
    if (path.find_first_of("[(") == std::string_view::npos) {
        return std::string(path);
    }
    while (path.starts_with("getattr(")) {
        path.remove_prefix(std::string_view("getattr(").size());
    }
    std::string plain = dotted(path);
    for (const std::string_view self : {"L.self", "L__self__", "self"}) {
        if (plain.starts_with(self)) {
            plain.erase(0, self.size());
            break;
        }
    }
    plain.erase(0, plain.find_first_not_of('.'));
    return plain;
}

} // namespace

std::vector<std::pair<std::string, std::string>> parseModuleStack(std::string_view stack)
{
    std::vector<std::pair<std::string, std::string>> modules;
    if (stack.empty()) {
        return modules;
    }
    for (const std::string_view item : split(stack, ';')) {
        const auto fields = split(item, ',');
        if (fields.size() < 3) {
            continue;
        }
        modules.emplace_back(plainPath(fields[1]), fields[2].substr(0, kLongestText));
    }
    return modules;
}

} // namespace syncpoint::pytorch
