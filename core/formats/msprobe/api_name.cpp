#include "core/formats/msprobe/api_name.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <vector>

namespace syncpoint::msprobe {

namespace {
constexpr std::string_view kGradients = "parameters_grad";

std::vector<std::string_view> parts(std::string_view name)
{
    std::vector<std::string_view> all;
    while (true) {
        const std::size_t dot = name.find('.');
        all.push_back(name.substr(0, dot));
        if (dot == std::string_view::npos) {
            return all;
        }
        name.remove_prefix(dot + 1);
    }
}

bool isDirection(std::string_view part)
{
    return part == "forward" || part == "backward" || part == kGradients;
}
} // namespace

ApiName parseApiName(std::string_view name)
{
    ApiName out;
    auto all = parts(name);
    out.isModule = all.front() == "Module" || all.front() == "Cell";
    // From the end: modules may be called so.
    const auto last = std::find_if(all.rbegin(), all.rend(), isDirection);
    const auto direction = last == all.rend() ? all.end() : std::prev(last.base());
    out.holdsGradients = direction != all.end() && *direction == kGradients;
    auto end = direction - (direction != all.begin() && !out.isModule ? 1 : 0); // the call's number
    auto begin = all.begin() + (all.size() > 1 ? 1 : 0);
    if (begin >= end) {
        out.type = name;
        return out;
    }
    if (out.isModule) {
        --end;
        out.type = *end;
        out.modulePath = fmt::format("{}", fmt::join(begin, end, "."));
    } else {
        out.type = fmt::format("{}", fmt::join(begin, end, "."));
    }
    return out;
}

} // namespace syncpoint::msprobe
