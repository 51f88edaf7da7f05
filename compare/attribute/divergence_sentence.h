#pragma once
#include "compare/align/alignment.h"
#include "compare/attribute/attribute_tensors.h"
#include "compare/attribute/attribution.h"
#include "compare/attribute/module_rollup.h"
#include "core/graph/graph.h"

#include <span>
#include <string>

namespace syncpoint {

/// What the sentence draws on besides the verdict.
struct SentenceFacts
{
    std::span<const PointError> errors; ///< parallel to `alignment.points`
    std::span<const ModuleScore> modules;
    std::uint64_t candidateBytes = 0; ///< size of the candidate's file; 0: unknown
    bool losesFinite = false;         ///< the start is where values stop being finite
};

/// The verdict for people: the op with its module and source line, and why; or which module's
/// honest error costs most.
std::string divergenceSentence(const Graph &baseline, const Alignment &alignment,
                               const SentenceFacts &facts, const Divergence &divergence);

} // namespace syncpoint
