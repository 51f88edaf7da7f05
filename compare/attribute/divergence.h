#pragma once
#include "compare/align/alignment.h"
#include "compare/attribute/attribute_tensors.h"
#include "compare/attribute/attribution.h"
#include "compare/attribute/module_rollup.h"
#include "core/graph/graph.h"

#include <span>

namespace syncpoint {

/// Names the ops where the error starts, or says that nothing stands out. The rules with their
/// limits are in docs/attribution.md; without replay a start is named only when values stop being
/// finite or one op alone accounts for most of the outputs' error. All spans but `modules` are
/// parallel to `alignment.points`. `candidateBytes` is the size of the candidate's file; 0:
/// unknown.
Divergence findDivergence(const Graph &baseline, const Alignment &alignment,
                          std::span<const PointError> errors,
                          std::span<const PointAttribution> attributions,
                          std::span<const ModuleScore> modules, std::uint64_t candidateBytes = 0);

} // namespace syncpoint
