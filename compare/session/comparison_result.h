#pragma once
#include "compare/align/alignment.h"
#include "compare/attribute/attribution.h"
#include "compare/attribute/module_rollup.h"
#include "compare/metric/measurement.h"
#include "compare/metric/severity.h"
#include "compare/session/session_config.h"
#include "core/base/diagnostic.h"
#include "core/graph/graph.h"
#include "core/placement/op_placements.h"
#include "core/tensor/tensor_dump.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace syncpoint {

/// What became of a sync point once tensors were looked at.
enum class PointStatus : std::uint8_t {
    Compared,       ///< has scores
    NoTensor,       ///< paired, but a side captured no values
    ShapeAmbiguous, ///< shapes differ and no transform explains it
    RawQuantized,   ///< integers without scale against floats
    Unreadable,     ///< a tensor could not be read; see diagnostics
};
std::string_view pointStatusName(PointStatus status); ///< "compared", "no_tensor", …

struct ChannelScores
{
    std::size_t axis = 0;
    std::vector<double> nsr; ///< ‖e‖²/‖r‖² per channel
    std::size_t worst = 0;
};

/// The scores of one sync point; parallel to Alignment::points.
struct PointResult
{
    PointStatus status = PointStatus::NoTensor;
    Severity severity = Severity::Ok; ///< meaningful when compared
    Measurement overall;              ///< over the concatenated elements of all samples
    std::vector<Measurement> samples; ///< per sample; statistics without histogram
    std::size_t worstSample = 0;      ///< by the headline metric
    std::size_t medianSample = 0;
    std::optional<ChannelScores> channels;
    PointAttribution attribution;
    std::string candidateDtype; ///< dtype name of the captured candidate tensor
    /// Mean squared difference of equal runs of both sides; nothing when no dump has one.
    std::optional<double> noise;
    /// The error is no larger than that of equal runs: the severity is then Ok.
    bool isWithinNoise = false;
    std::optional<double> baselineMicroseconds, candidateMicroseconds;
    std::string candidatePlacement;             ///< provider that ran the op; "" unknown
    std::optional<OpPlacement> candidateReport; ///< what --candidate-placement says of the op
};

/// How well one model output is reproduced by what users run.
struct OutputScore
{
    SyncPointId point;
    PointResult score;  ///< without attribution, channels, latency and placement
    bool plain = false; ///< from runs without taps; false: the captured tensors, as at `point`
};

/// One side as it was compared.
struct ComparedSide
{
    std::string path;   ///< model, or dump when there is no model
    std::string sha256; ///< of that file; "" when not computed
    std::shared_ptr<const Graph> graph;
    std::shared_ptr<const TensorDump> dump;         ///< null when nothing was captured
    std::shared_ptr<const OpPlacements> placements; ///< null when no report was given
    /// The run's temporary folder, removed with the last copy of the result; null for user files.
    std::shared_ptr<const void> scratch;
};

/// Compared ops against matchable ops of the candidate: ops that compute data. Constants, shape
/// arithmetic, views (Cast, Reshape, Transpose, Q/DQ, …) and ops absorbed by a fused region are not
/// matchable.
struct Coverage
{
    std::size_t matchable = 0;
    std::size_t compared = 0;
    std::size_t absorbed = 0;  ///< on either side, for information
    std::size_t unmatched = 0; ///< matchable candidate ops in no sync point
    std::size_t oneSided = 0;  ///< candidate ops that the baseline provably lacks: not matchable
    double ratio() const
    {
        return matchable == 0 ? 0.0
                              : static_cast<double>(compared) / static_cast<double>(matchable);
    }
};

/// Everything a comparison found; immutable and shared by all viewers and writers.
struct ComparisonResult
{
    SessionConfig config;
    ThresholdProfile profile; ///< the one in force
    ComparedSide baseline, candidate;
    std::string inputsSource; ///< "inputs.npz", "random, seed 0", "dumps"
    std::size_t samples = 0;
    Alignment alignment;
    std::vector<PointResult> points;  ///< parallel to alignment.points
    std::vector<SyncPointId> outputs; ///< points of the model outputs, in the baseline's order
    /// Parallel to `outputs`. Capturing turns off optimizations, which changes numbers: these are
    /// measured on the plain outputs when both sides have them.
    std::vector<OutputScore> outputScores;
    Coverage coverage;
    Divergence divergence;
    std::vector<ModuleScore> modules; ///< all modules with sync points, depth first
    Diagnostics diagnostics;
    Diagnostics captureDiagnostics; ///< those of loading and running, also in `diagnostics`

    const PointResult &point(SyncPointId id) const { return points[id.index()]; }
};

} // namespace syncpoint
