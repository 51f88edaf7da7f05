#include "core/formats/module_names.h"

#include <vector>

namespace syncpoint {

namespace {
constexpr std::size_t kLongestModulePath = 1024;

/// What ONNX Runtime and its quantizer append to the name of an op: "MatMulAddFusion_quant".
bool isFusionMark(std::string_view part)
{
    constexpr std::string_view kMark = "Fusion";
    const std::size_t at = part.find(kMark);
    return at != std::string_view::npos &&
           (at + kMark.size() == part.size() || part[at + kMark.size()] == '_');
}
} // namespace

std::optional<std::string> moduleOfName(std::string_view name)
{
    if (name.find('/') == std::string_view::npos || name.size() > kLongestModulePath) {
        return std::nullopt;
    }
    std::vector<std::string_view> parts;
    while (!name.empty()) {
        const std::size_t slash = name.find('/');
        const std::string_view part = name.substr(0, slash);
        name.remove_prefix(slash == std::string_view::npos ? name.size() : slash + 1);
        // TorchScript repeats the parent in children of containers: /layer1/layer1.0/conv1.
        const bool repeatsParent = !parts.empty() && part.size() > parts.back().size() + 1 &&
                                   part.starts_with(parts.back()) &&
                                   part[parts.back().size()] == '.';
        if (repeatsParent) {
            parts.back() = part;
        } else if (!part.empty() || name.empty()) {
            parts.push_back(part);
        }
    }
    while (parts.size() > 2 && isFusionMark(parts.back())) {
        parts.pop_back();
    }
    std::string module;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) { // the last part is the op
        module += i == 0 ? "" : ".";
        module += parts[i];
    }
    return module;
}

std::optional<std::string> moduleOfParameter(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() > kLongestModulePath) {
        return std::nullopt;
    }
    return std::string(name.substr(0, dot));
}

} // namespace syncpoint
