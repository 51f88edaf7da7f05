#pragma once
#include "core/formats/json_fields.h"
#include "core/formats/pytorch/strided_tensor.h"
#include "core/graph/attribute.h"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

/// The JSON of an exported program. Format: torch/_export/serde/schema.py. What is missing or of
/// another type than expected reads as absent.
namespace syncpoint::pytorch {

using Json = nlohmann::json;

using syncpoint::fieldOf;
using syncpoint::listOf;
using syncpoint::textOf;

/// A union: the one key that is set. Older programs list all keys, the others as null.
struct Choice
{
    std::string_view kind; ///< "as_tensor"; empty when none is set
    const Json *value = nullptr;
};
Choice choiceOf(const Json &object);

/// Appends the names of the values an argument refers to, in order; an empty one for each None.
void appendNames(const Choice &argument, std::vector<std::string_view> &names);
/// The argument as an attribute; monostate for kinds that attributes do not have. Not for values
/// and graphs.
Attribute::Data attributeOf(const Choice &argument);
/// Whether the argument is None, a value, or values.
bool isNone(const Choice &argument);
bool isValue(const Choice &argument);

/// Type, extents (−1 for symbolic ones), strides and offset of a TensorMeta.
StridedLayout layoutOf(const Json &tensorMeta);

} // namespace syncpoint::pytorch
