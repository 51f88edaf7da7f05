#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// What an input, output or attribute of an op is for.
struct OpParameterDescription
{
    std::string name;
    std::string text;
};

/// The definition of an op, for the inspector.
struct OpDescription
{
    std::string text; ///< the op's documentation, Markdown-like, as ONNX has it
    int sinceOpset = 0;
    std::vector<OpParameterDescription> inputs, outputs, attributes;
};

/// The op's definition in the given op set, from libonnx; for newer op sets than it knows the
/// newest one. Nothing for ops and domains it does not know.
std::optional<OpDescription> describeOp(std::string_view domain, std::string_view opType,
                                        int opset);

} // namespace syncpoint
