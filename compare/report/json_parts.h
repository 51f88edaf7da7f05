#pragma once
#include "compare/align/alignment.h"
#include "compare/metric/measurement.h"
#include "core/base/diagnostic.h"
#include "core/graph/graph.h"
#include "core/tensor/tensor.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace syncpoint {

/// Parts of the JSON documents (docs/report-schema.md) that several writers share.

/// Null when absent, NaN or infinite.
nlohmann::ordered_json jsonNumber(std::optional<double> value);
/// {"value","node","op_type","module","shape","dtype","source"}; `captured` is the tensor of the
/// dump and wins over what the model declares.
nlohmann::ordered_json jsonValue(const Graph &graph, ValueId value, NodeId node,
                                 const TensorInfo *captured);
/// What alignment alone knows of a point: id, both values, transform, match, absorbed ops.
nlohmann::ordered_json jsonPoint(const Graph &baseline, const Graph &candidate,
                                 const Alignment &alignment, SyncPointId id);
/// [{"value","op_type","reason"}] of one side.
nlohmann::ordered_json jsonUnmatched(const Graph &graph, const std::vector<ValueOutcome> &outcomes);
nlohmann::ordered_json jsonDiagnostics(const Diagnostics &diagnostics);
/// {"schema_version","tool"}: how every document starts.
nlohmann::ordered_json jsonDocument();
/// Indented text; bytes that are not UTF-8 are replaced.
std::string jsonText(const nlohmann::ordered_json &document);

/// The document of `align --json`.
std::string alignmentJson(const Graph &baseline, const Graph &candidate,
                          const Alignment &alignment);

} // namespace syncpoint
