#pragma once
#include "core/base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace syncpoint::polygraphy {

/// JSON text in which every long string is a reference to its place: what is left is small.
/// Fails when more than 64 MB are left.
Result<std::string> skeletonOf(std::string_view text);

/// The string in the whole text that a string of the skeleton refers to; the string itself when it
/// is no reference.
std::string_view referredText(std::string_view string, std::string_view text);

} // namespace syncpoint::polygraphy
