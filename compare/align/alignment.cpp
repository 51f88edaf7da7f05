#include "compare/align/alignment.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace syncpoint {

std::string toText(const Transform &transform)
{
    std::vector<std::string> steps;
    if (transform.dequantize) {
        steps.emplace_back("dequantize");
    }
    if (transform.channelBlock > 0) {
        steps.push_back(fmt::format("unblock({})", transform.channelBlock));
    }
    if (!transform.permutation.empty()) {
        steps.push_back(fmt::format("permute({})", fmt::join(transform.permutation, ",")));
    }
    if (transform.reshape) {
        steps.push_back(fmt::format("reshape({})", toText(*transform.reshape)));
    }
    return steps.empty() ? "identity" : fmt::format("{}", fmt::join(steps, ", "));
}

} // namespace syncpoint
