#pragma once
#include "core/base/result.h"
#include "core/formats/coreml/mil_program.h"

#include <string_view>

namespace syncpoint {

/// Reads the text of a program (`model.mil` of a compiled model). Values and blocks nest at most 64
/// deep. The error names the place: "line 17: expected ')' before 'foo'". How blocks of control
/// flow are written is not documented: `(inputs) { … } -> (outputs)` after the op is understood.
Result<MilProgram> parseMilText(std::string_view text);

} // namespace syncpoint
