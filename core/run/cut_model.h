#pragma once
#include "core/base/result.h"
#include "core/graph/graph.h"

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// An ONNX model whose pieces run on their own: values that are `fed` become inputs for the ops
/// that read them, while `wanted` values are still computed and put out. A value may be both.
struct CutModel
{
    std::string bytes;                         ///< the model, with the weights it needs
    std::map<std::string, std::string> inputs; ///< name of an input → the fed value's own name
};

/// Cuts the model in `bytes`, which `graph` was loaded from, keeping only what `wanted` needs.
/// Values of the main graph and initializers can be fed. Names that the model does not have, or
/// that lie in bodies of control-flow ops or in functions, are ignored. A fed value of unknown
/// element type is taken to be float32.
Result<CutModel> cutModel(std::span<const std::byte> bytes, const Graph &graph,
                          const std::vector<std::string> &fed,
                          const std::vector<std::string> &wanted);

} // namespace syncpoint
