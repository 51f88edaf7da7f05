#pragma once
#include "core/base/result.h"
#include "core/formats/coreml/mil_program.h"

#include <string_view>

namespace syncpoint {

/// Reads a serialized Program that is part of `file`. Bounded: blocks and values nest at most 64
/// deep, at most 16 million messages are made. The error names the place: "function 'main':
/// operation 17 'conv': at byte 1234".
Result<MilProgram> parseMilProto(std::string_view file, std::string_view program);

} // namespace syncpoint
