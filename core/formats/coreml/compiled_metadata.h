#pragma once
#include "core/graph/graph.h"

#include <filesystem>

namespace syncpoint {

/// Adds what metadata.json of a compiled model says to `info`, under the names that the same facts
/// of the model have; nothing when the file is damaged.
void readCompiledMetadata(const std::filesystem::path &path, ModelInfo &info);

} // namespace syncpoint
