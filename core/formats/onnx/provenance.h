#pragma once
#include "core/formats/onnx/onnx_proto.h"
#include "core/graph/graph.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncpoint {

/// Where an op comes from in the source program, as far as the exporter wrote it down.
struct Provenance
{
    /// Dotted module path, "" for the root; nothing when the file does not tell.
    std::optional<std::string> module;
    /// Class names of modules on the path: ("encoder.0", "torch.nn.modules.conv.Conv1d").
    std::vector<std::pair<std::string, std::string>> classNames;
    std::vector<SourceFrame> source; ///< innermost first
    std::vector<std::string> aliases;
    std::vector<std::pair<std::string, std::string>> metadata; ///< without stack trace and origins
    std::vector<Origin> origins; ///< in models that Syncpoint had a runtime rewrite
};

/// Reads, in this order of preference: the node metadata of PyTorch's dynamo exporter
/// (`pkg.torch.onnx.*`), the hierarchical names and doc strings of its TorchScript exporter, other
/// names with slashes. Ops without such a name take the name of what they produce; ops that
/// quantizers insert that of the tensor they serve.
Provenance provenanceOf(const OnnxNode &node);

} // namespace syncpoint
