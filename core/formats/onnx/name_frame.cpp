#include "core/formats/onnx/name_frame.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr int kDeepestNesting = 64; // bodies and calls together
} // namespace

std::optional<ValueId> NameFrame::find(std::string_view name) const
{
    for (const NameFrame *at = this; at != nullptr; at = at->enclosing) {
        if (const auto found = at->names.find(name); found != at->names.end()) {
            return found->second;
        }
    }
    return std::nullopt;
}

std::optional<BoundAttribute> NameFrame::bind(const OnnxAttribute &attribute) const
{
    if (attribute.referenced.empty()) {
        return BoundAttribute{&attribute, this};
    }
    const NameFrame *call = this;
    while (call->function == nullptr && call->enclosing != nullptr) {
        call = call->enclosing;
    }
    const auto found = call->attributes.find(attribute.referenced);
    return found == call->attributes.end() ? std::nullopt : std::optional(found->second);
}

Result<void> NameFrame::checkDepth() const
{
    if (depth + 1 >= kDeepestNesting) {
        return Error{
            ErrorCode::Limit,
            fmt::format("bodies and function calls nest more than {} deep", kDeepestNesting)};
    }
    return {};
}

} // namespace syncpoint
