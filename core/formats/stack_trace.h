#pragma once
#include "core/graph/source_location.h"

#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// Frames of a TorchScript doc string, one "file(line): function" per line, innermost first as
/// written. Empty when the text is something else.
std::vector<SourceFrame> parseDocStringFrames(std::string_view docString);

/// Frames of a Python traceback ("File "m.py", line 3, in forward"), which is written outermost
/// first; the result is innermost first.
std::vector<SourceFrame> parseTraceback(std::string_view traceback);

/// The strings of a Python list literal such as "['', 'network', \"it's\"]"; empty when the text is
/// not one.
std::vector<std::string> parsePythonStrings(std::string_view text);

} // namespace syncpoint
