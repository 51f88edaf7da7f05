#pragma once
#include "compare/align/alignment.h"
#include "compare/attribute/attribution.h"
#include "compare/metric/severity.h"
#include "core/graph/graph.h"

#include <optional>
#include <span>
#include <vector>

namespace syncpoint {

/// What comparing found at one sync point, as far as attribution needs it. r baseline, e error.
struct PointError
{
    bool isCompared = false;
    Severity severity = Severity::Ok;
    bool isNonfinite = false;    ///< NaN or Inf where the other side has none
    double nsr = 0.0;            ///< ‖e‖²/‖r‖²; +inf when r is zero and e is not
    double errorEnergy = 0.0;    ///< ‖e‖²
    double baselineEnergy = 0.0; ///< ‖r‖²
    /// The part of the error that replay saw the op introduce, 0–1; nothing when not replayed.
    std::optional<double> ownShare = {};
};

/// Attribution from tensors alone (level L0 of docs/attribution.md): per point the nearest compared
/// ancestors in the baseline, ΔNSR, gain, source, and how much of the outputs' error starts there.
/// `errors` is parallel to `alignment.points`; `outputs` are the points of the model outputs.
/// Linear in the graph's size where compared values lie close together.
std::vector<PointAttribution> attributeTensors(const Graph &baseline, const Graph &candidate,
                                               const Alignment &alignment,
                                               std::span<const PointError> errors,
                                               std::span<const SyncPointId> outputs);

} // namespace syncpoint
