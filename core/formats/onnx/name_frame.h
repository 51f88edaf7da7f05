#pragma once
#include "core/base/result.h"
#include "core/formats/onnx/onnx_proto.h"
#include "core/graph/graph_builder.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace syncpoint {

struct NameFrame;

/// An attribute of a function call and where the names inside it (a subgraph) are looked up.
struct BoundAttribute
{
    const OnnxAttribute *attribute = nullptr;
    const NameFrame *frame = nullptr;
};
using BoundAttributes = std::unordered_map<std::string_view, BoundAttribute>;

/// What names mean at one place: in the main graph, in a body (which also sees the enclosing
/// frames), or in one call of a function (which sees only itself).
struct NameFrame
{
    const NameFrame *enclosing = nullptr; ///< whose names are visible here too
    const NameFrame *caller = nullptr;    ///< who made this frame, for recursion checks
    const OnnxFunction *function = nullptr;
    ScopeId scope;
    std::string prefix;       ///< put before names of a function's values and ops
    std::string modulePrefix; ///< put before module paths
    int depth = 0;
    std::unordered_map<std::string_view, ValueId> names;
    BoundAttributes attributes; ///< of the call; empty outside of functions

    /// The value in this or an enclosing frame. An id of no value is an absent optional input.
    std::optional<ValueId> find(std::string_view name) const;
    /// What an attribute of an op here stands for: itself, or the one of the innermost function
    /// call around this frame that it refers to. Nothing when the call leaves that out.
    std::optional<BoundAttribute> bind(const OnnxAttribute &attribute) const;
    /// Fails when this frame is too deep for a body or a call in it.
    Result<void> checkDepth() const;
};

} // namespace syncpoint
