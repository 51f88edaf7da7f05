#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncpoint {

/// The module that a tensor's name tells of.
struct TfliteModule
{
    std::string path; ///< dotted
    /// Class names of modules on the path: ("encoder.fc", "torch.nn.modules.linear.Linear").
    std::vector<std::pair<std::string, std::string>> classNames;
};

/// The first module that a name tells of: "model/conv/Relu;model/conv/Conv2D" → "model.conv",
/// "Net/Block_0/torch.nn.modules.linear.Linear_fc;3" → "0.fc"; nothing for names without slashes.
std::optional<TfliteModule> moduleOfTensor(std::string_view name);

/// The names of the fused ops that a converter joined with ";", when there is more than one. Parts
/// that are mere numbers are left out.
std::vector<std::string_view> fusedNames(std::string_view name);

} // namespace syncpoint
