#pragma once
#include "core/formats/onnx/frame_values.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace syncpoint {

/// The functions that a model brings along.
class LocalFunctions
{
public:
    explicit LocalFunctions(const OnnxModel &model);

    /// The function that `node` calls; null when it is an op.
    const OnnxFunction *find(const OnnxNode &node) const;

private:
    using Key = std::tuple<std::string_view, std::string_view, std::string_view>;
    std::map<Key, const OnnxFunction *> m_functions; ///< by domain, name and overload
};

/// "ai.onnx" is the long name of the default op set.
std::string_view normalDomain(std::string_view domain);

/// Fails when `function` calls itself or the call nests too deep.
Result<void> checkCall(const OnnxFunction &function, const NameFrame &caller);

/// Fills `frame`, the frame of this call: prefixes of names and modules, what inputs and attributes
/// mean. `index` is the call's place among the ops of `caller`.
void enterCall(const OnnxNode &call, std::size_t index, const OnnxFunction &function,
               NameFrame &caller, FrameValues &values, NameFrame &frame);

} // namespace syncpoint
