#include "core/formats/onnx/local_functions.h"

#include "core/formats/onnx/provenance.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
/// Where the call stands, then its own name.
std::string moduleOfCall(const OnnxNode &call, const std::string &name, const NameFrame &caller)
{
    std::string own = name.substr(name.rfind('/') == std::string::npos ? 0 : name.rfind('/') + 1);
    std::replace(own.begin(), own.end(), '.', '_');
    std::string module;
    for (const std::string &part :
         {caller.modulePrefix, provenanceOf(call).module.value_or(""), own}) {
        if (!part.empty()) {
            module += module.empty() ? part : "." + part;
        }
    }
    return module;
}
} // namespace

LocalFunctions::LocalFunctions(const OnnxModel &model)
{
    for (const OnnxFunction &function : model.functions) {
        m_functions.try_emplace({normalDomain(function.domain), function.name, function.overload},
                                &function);
    }
}

const OnnxFunction *LocalFunctions::find(const OnnxNode &node) const
{
    const auto found = m_functions.find({normalDomain(node.domain), node.opType, node.overload});
    return found == m_functions.end() ? nullptr : found->second;
}

std::string_view normalDomain(std::string_view domain)
{
    return domain == "ai.onnx" ? std::string_view{} : domain;
}

Result<void> checkCall(const OnnxFunction &function, const NameFrame &caller)
{
    for (const NameFrame *at = &caller; at != nullptr; at = at->caller) {
        if (at->function == &function) {
            return Error{ErrorCode::BadFormat, fmt::format("function recursion: '{}' calls itself",
                                                           shortName(function.name))};
        }
    }
    return caller.checkDepth();
}

void enterCall(const OnnxNode &call, std::size_t index, const OnnxFunction &function,
               NameFrame &caller, FrameValues &values, NameFrame &frame)
{
    const std::string name =
        call.name.empty() ? fmt::format("{}_{}", call.opType, index) : std::string(call.name);
    frame.caller = &caller;
    frame.function = &function;
    frame.scope = caller.scope;
    frame.depth = caller.depth + 1;
    frame.prefix = caller.prefix + name + "/";
    frame.modulePrefix = moduleOfCall(call, name, caller);
    for (std::size_t i = 0; i < function.inputs.size(); ++i) {
        const bool isGiven = i < call.inputs.size();
        frame.names.emplace(function.inputs[i],
                            isGiven ? values.resolve(caller, call.inputs[i]) : ValueId{});
    }
    for (const OnnxAttribute &attribute : function.defaults) {
        frame.attributes[attribute.name] = {&attribute, &frame};
    }
    for (const OnnxAttribute &attribute : call.attributes) {
        if (const auto bound = caller.bind(attribute)) {
            frame.attributes[attribute.name] = *bound;
        }
    }
}

} // namespace syncpoint
