#include "core/graph/source_location.h"

#include <algorithm>
#include <array>

namespace syncpoint {

namespace {
/// `part` as whole path components: at the start or after a slash.
bool hasPathPart(std::string_view path, std::string_view part)
{
    for (auto at = path.find(part); at != std::string_view::npos; at = path.find(part, at + 1)) {
        if (at == 0 || path[at - 1] == '/') {
            return true;
        }
    }
    return false;
}
} // namespace

bool isUserFrame(const SourceFrame &frame)
{
    if (frame.file.empty() || frame.file.front() == '<') {
        return false;
    }
    std::string path = frame.file;
    std::replace(path.begin(), path.end(), '\\', '/'); // exported on Windows
    static constexpr std::array<std::string_view, 12> kFrameworkParts{
        "site-packages/", "dist-packages/",    "torch/nn/modules/", "torch/nn/functional",
        "torch/_",        "torch/jit/",        "torch/onnx/",       "torch/export/",
        "torch/utils/",   "torch/functional.", "onnxscript/",       "tensorflow/python/"};
    return std::none_of(kFrameworkParts.begin(), kFrameworkParts.end(),
                        [&](std::string_view part) { return hasPathPart(path, part); });
}

} // namespace syncpoint
