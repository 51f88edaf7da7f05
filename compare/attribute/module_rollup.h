#pragma once
#include "compare/align/alignment.h"
#include "compare/metric/severity.h"
#include "core/graph/graph.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace syncpoint {

/// One row of the module roll-up: the module and all below it.
struct ModuleScore
{
    ModuleId module; ///< of the baseline graph
    std::size_t syncPoints = 0, ok = 0, warn = 0, bad = 0;
    SyncPointId worstPoint;
    std::optional<double> worst, median; ///< headline metric
    double introducedShare = 0.0;        ///< of all introduced error, 0–1
    double parameterShare = 0.0;         ///< of the baseline's parameters, 0–1
    std::uint64_t parameters = 0;
    std::uint64_t bytes = 0;         ///< of the candidate's weights in this module
    std::uint64_t baselineBytes = 0; ///< of the baseline's
    std::optional<double> baselineMicroseconds, candidateMicroseconds;
};

/// What a sync point adds to its module's row.
struct ModulePoint
{
    bool isCompared = false;
    Severity severity = Severity::Ok;
    std::optional<double> headline; ///< of the headline metric
    double introduced = 0.0;        ///< PointAttribution::introducedOrDelta()
    std::optional<double> baselineMicroseconds, candidateMicroseconds;
};

/// One row per module of the baseline that has sync points in it or below it, depth first, the root
/// first. `points` is parallel to `alignment.points`. Bytes are of the candidate's constants that
/// the paired and absorbed ops read, each counted once.
std::vector<ModuleScore> rollUpModules(const Graph &baseline, const Graph &candidate,
                                       const Alignment &alignment,
                                       std::span<const ModulePoint> points, bool higherIsBetter);

/// The row that says most: a large share of the error against a small share of the parameters
/// (share · ln(share / parameter share) is largest; of equals the innermost). Null when no module
/// introduces clearly more than its size suggests.
const ModuleScore *standoutModule(const Graph &baseline, std::span<const ModuleScore> modules);

} // namespace syncpoint
