#pragma once
#include "compare/align/alignment.h"
#include "compare/attribute/later_rounding.h"
#include "core/graph/graph.h"

#include <optional>
#include <vector>

namespace syncpoint {

/// What an integer tensor can hold, as real numbers.
struct QuantizedRange
{
    double low = 0.0, high = 0.0;
    double step = 0.0;
    bool holds(double value) const { return low <= value && value <= high; }
    /// Ranges that were calibrated on the largest numbers end up to half a step before them: the
    /// zero point is rounded.
    bool isMeantFor(double value) const { return low - step <= value && value <= high + step; }
};

/// What the candidate's number formats promise of one sync point's numbers (docs/attribution.md,
/// "Excess").
struct NumberPromise
{
    /// Mean square steps of the quantizers that the numbers went through, summed: rounding adds a
    /// twelfth of it. 0 when they are not quantized.
    double stepSquare = 0.0;
    std::optional<QuantizedRange> range; ///< of the per-tensor quantizer nearest to the op
    double floor = 0.0; ///< error of the kernels, relative to the mean square of the numbers
    std::vector<std::string> faults; ///< quantizers whose two sides disagree, in words
    /// A relative error that comes in unseen: the op reads a form of an input that is not the one
    /// compared. Mean square steps over 12, by input point.
    std::vector<std::pair<SyncPointId, double>> unseenInputs;
    /// What happens to the compared numbers before others read them; `stepSquare` has it too.
    LaterRounding later;
};

NumberPromise promiseOf(const Graph &candidate, const Alignment &alignment, SyncPointId id);

} // namespace syncpoint
