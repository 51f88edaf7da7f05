#pragma once
#include "core/formats/coreml/mil_program.h"
#include "core/graph/attribute.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace syncpoint {

/// Position of a parameter among the inputs of an op: files list them in any order, other formats
/// give the data first and the weights next. Parameters that the table does not know come last.
std::size_t operandRank(std::string_view parameter);

/// True for parameters that are inputs even when a small constant is given for them.
bool isAlwaysOperand(std::string_view parameter);

/// A constant that configures an op, for Node::attributes; `tensor` is what `value` holds, if it is
/// one. Large data stay a tensor.
Attribute attributeOf(std::string_view name, const MilValue &value,
                      const std::optional<Tensor> &tensor);

} // namespace syncpoint
