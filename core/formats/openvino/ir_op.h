#pragma once
#include "core/graph/graph.h"

#include <optional>
#include <pugixml.hpp>
#include <string>

namespace syncpoint {

/// What a <layer> says of its op: name, type, options as attributes, other names, and of execution
/// graphs its kernel and the ops it was fused from. Inputs, outputs and scope are not set.
Node describeIrOp(const pugi::xml_node &layer);

/// The module in the op's name or in one of its other names: a path with slashes, or
/// "__module.layer1.0.conv/aten::_convolution/Convolution" of models that came from PyTorch.
std::optional<std::string> moduleOfIrOp(const Node &node);

} // namespace syncpoint
