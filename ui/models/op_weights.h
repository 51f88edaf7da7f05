#pragma once
#include "compare/session/comparison_result.h"
#include "ui/session/selection.h"

#include <QString>
#include <vector>

namespace syncpoint {

/// A constant of at least two numbers that an op reads.
struct OpWeight
{
    std::size_t slot = 0; ///< of the op's inputs
    Selection::Item item; ///< what to select to see it
    QString text;         ///< "in 1 · 64×3×4×4"
};

/// The weights of the selected op in slot order, seen through the ops that dequantize, convert,
/// turn or reshape them: those of the baseline's op, of the candidate's where there is none. Scales
/// and zero points are no weights.
std::vector<OpWeight> weightsOf(const ComparisonResult &result, const Selection::Item &item);

/// Whether the selection asks for a weight rather than for what the op computes.
bool isWeight(const ComparisonResult &result, const Selection::Item &item);

} // namespace syncpoint
