#pragma once
#include "compare/align/aligner.h"
#include "compare/metric/severity.h"
#include "core/launch/run_request.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace syncpoint {

/// One side of a comparison: a model that is run, a model with a captured dump, or a dump with its
/// own graph.
struct SideConfig
{
    std::optional<std::filesystem::path> model; ///< none: `dump` carries the graph
    std::optional<std::filesystem::path> dump;  ///< none: the model is run
    Optimization optimize = Optimization::None;
    std::string provider = "cpu";
    /// Reports of other tools on where the ops run and how long they take.
    std::vector<std::filesystem::path> placements;
    bool operator==(const SideConfig &) const = default;
};

/// Auto replays where the baseline's model and the runner are at hand, else as Tensors.
enum class AttributionLevel { None, Tensors, Replay, Auto };

/// All that a comparison needs, a value. Saved as the session file.
struct SessionConfig
{
    SideConfig baseline;
    SideConfig candidate;
    InputSource inputs;
    ManualMap map;
    std::string metric = "psnr"; ///< the headline metric
    MetricSettings settings;
    std::string profile = "auto"; ///< "auto", a built-in profile's name or "custom"
    std::optional<ThresholdProfile> customProfile;
    AttributionLevel attribution = AttributionLevel::Auto;
    double minCoverage = 0.3;
    std::size_t repeat = 0; ///< timed runs per side; 0 measures no latency
    std::size_t warmup = 0;
    std::size_t repeatCapture = 0; ///< further captures per side, for the noise floor
    /// Folders in which source files of the frames are looked for, first wins.
    std::vector<std::filesystem::path> sourceFolders;
    bool operator==(const SessionConfig &) const = default;
};

} // namespace syncpoint
