#include "core/formats/msprobe/stack_file.h"

#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace syncpoint::msprobe {

using Json = nlohmann::json;

namespace {
constexpr JsonLimits kStackLimits{.values = 4'000'000, .depth = 64};
constexpr std::size_t kMostFrames = 64;
constexpr std::size_t kMostCopiedFrames = 2'000'000;

/// "File /p/x.py, line 61, in forward, \n x = self.conv(x)"
std::optional<SourceFrame> frameOf(std::string_view text)
{
    constexpr std::string_view kStart = "File ";
    constexpr std::string_view kLine = ", line ";
    constexpr std::string_view kIn = ", in ";
    const std::size_t line = text.find(kLine);
    if (!text.starts_with(kStart) || line == std::string_view::npos) {
        return std::nullopt;
    }
    SourceFrame frame;
    frame.file = text.substr(kStart.size(), line - kStart.size());
    const std::string_view rest = text.substr(line + kLine.size());
    const auto number = std::from_chars(rest.data(), rest.data() + rest.size(), frame.line);
    if (number.ec != std::errc{}) {
        return std::nullopt;
    }
    const std::size_t in = rest.find(kIn);
    if (in != std::string_view::npos) {
        const std::string_view function = rest.substr(in + kIn.size());
        frame.function = function.substr(0, function.find(','));
    }
    return frame;
}

std::vector<SourceFrame> framesOf(const Json &list)
{
    std::vector<SourceFrame> frames;
    for (const Json &text : list) {
        auto frame = frameOf(plainText(text));
        if (frame && frames.size() < kMostFrames) {
            frames.push_back(std::move(*frame));
        }
    }
    return frames;
}
} // namespace

Stacks readStacks(const std::filesystem::path &file)
{
    Stacks stacks;
    const auto json = readBoundedJson(file, kStackLimits);
    if (!json || !json->is_object()) {
        return stacks;
    }
    std::size_t copied = 0; // many calls may share one stack
    for (auto each = json->begin(); each != json->end(); ++each) {
        const Json &value = each.value();
        const bool isShared =
            value.is_array() && value.size() == 2 && value[0].is_array() && value[1].is_array();
        const auto frames = framesOf(isShared ? value[1] : value);
        const auto add = [&](std::string_view call) {
            copied += frames.size();
            if (copied <= kMostCopiedFrames && !call.empty()) {
                stacks.emplace(call, frames);
            }
        };
        if (!isShared) {
            add(each.key());
            continue;
        }
        for (const Json &call : value[0]) {
            add(plainText(call));
        }
    }
    return stacks;
}

} // namespace syncpoint::msprobe
