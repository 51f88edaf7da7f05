#pragma once
#include "core/graph/source_location.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace syncpoint::msprobe {

/// Frames by call, innermost first.
using Stacks = std::map<std::string, std::vector<SourceFrame>, std::less<>>;

/// Reads a stack.json: {"0": [[calls], [frames]], …}, or {call: [frames], …} of older versions.
/// Empty when there is none or it cannot be read: lines are an extra.
Stacks readStacks(const std::filesystem::path &file);

} // namespace syncpoint::msprobe
