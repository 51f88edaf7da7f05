#pragma once
#include "core/graph/graph.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// "f32", "FP32", "boolean" … as a type; Undefined for others.
DType dtypeOfIr(std::string_view name);

/// Whether constants of that type are read: not of strings, of nf4, and of types whose bits
/// OpenVINO packs in an order of its own (u1, u2, u3, u6).
bool isDecodedIrType(std::string_view name);

/// "1, 3, -1" or "1,3,?" as extents with −1 for unknown ones; "" is a scalar. Nothing when a part
/// is no number.
std::optional<Shape> shapeOfIr(std::string_view text);

/// An option as a number, numbers or text, whichever its text is.
Attribute attributeOfIr(std::string_view name, std::string_view text);

/// Parts of "a,b"; a comma that belongs to a name is written "\,".
std::vector<std::string> namesOfIr(std::string_view list);

} // namespace syncpoint
