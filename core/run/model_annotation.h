#pragma once
#include "core/base/result.h"
#include "core/graph/graph.h"

#include <filesystem>

namespace syncpoint {

/// Writes into the ONNX file `model`, which a runtime made of `original`, which ops of the original
/// each op stands for, as node metadata that our loader reads (Node::origins). `rewritten` is the
/// file as it was read before.
Result<void> annotateOrigins(const std::filesystem::path &model, const Graph &rewritten,
                             const Graph &original);

} // namespace syncpoint
