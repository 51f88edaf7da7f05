#pragma once
#include "core/base/result.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace syncpoint {

/// The handles of an ExecuTorch program's ops, by the output name of the Core ML op they became.
/// Source: executorch_debug_handle_mapping.json of coremltools.
using DebugHandles = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Fails when the file is no such map.
Result<DebugHandles> readDebugHandles(const std::filesystem::path &path);

} // namespace syncpoint
