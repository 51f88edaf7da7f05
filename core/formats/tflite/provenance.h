#pragma once
#include "core/formats/tflite/tensor_names.h"
#include "core/graph/graph.h"

#include <optional>
#include <span>
#include <string_view>

namespace syncpoint {

/// Adds a name under which `node` is known too, unless it is empty, known or one too many.
void addAlias(Node &node, std::string_view alias);

/// Adds the names of the ops that were fused into `node`, from the names of what it makes.
void addFusedNames(Node &node, std::span<const Value> values);

/// The module of an op: from the name of what it makes, else from that of a weight it reads.
std::optional<TfliteModule> moduleOfOp(const Node &node, std::span<const Value> values);

} // namespace syncpoint
