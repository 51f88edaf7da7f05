#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncpoint::pytorch {

/// The modules around an op, outermost first: dotted path and class name. `stack` is the text of
/// `nn_module_stack`: items "key,path,type" joined by ';', brackets and quotes protect both. Paths
/// are written as "layer1.0" or "L['self'].layer1[0]"; the mark of a repeated call ("@1") is taken
/// off.
std::vector<std::pair<std::string, std::string>> parseModuleStack(std::string_view stack);

} // namespace syncpoint::pytorch
