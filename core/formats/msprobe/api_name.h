#pragma once
#include <string>
#include <string_view>

namespace syncpoint::msprobe {

/// What the name of a call says: "Functional.conv2d.0.forward",
/// "Module.layer1.0.conv1.Conv2d.forward.0", "Module.fc.Linear.parameters_grad.0".
struct ApiName
{
    std::string type;            ///< "conv2d", or the class of a module
    std::string modulePath;      ///< dotted path of a module, else ""
    bool isModule = false;       ///< a call of a module (or a MindSpore cell)
    bool holdsGradients = false; ///< no call: the gradients of a module's parameters
};
ApiName parseApiName(std::string_view name);

} // namespace syncpoint::msprobe
