#pragma once
#include "compare/session/compare_models.h"
#include "core/base/diagnostic.h"
#include "core/placement/importer.h"

#include <map>
#include <string>
#include <string_view>

namespace syncpoint {

/// One side on its way to a ComparedSide.
struct LoadedSide
{
    ComparedSide side;
    std::filesystem::path model; ///< to be run; empty when `side.dump` is loaded
    Diagnostics diagnostics;
    std::vector<PlacementRow> placementRows; ///< of all reports, in their order

    bool needsRun() const { return !side.dump; }
};

/// Loads the model and the dump that `config` names. A dump may stand in the model's place when it
/// carries its graph. Model and dump must share value names; a different checksum is a diagnostic.
Result<LoadedSide> loadSide(const SideConfig &config, const JobContext &job);

/// Puts the reports' rows onto the side's final graph; rows that name no op of it become a
/// diagnostic that lists them.
void placeReports(LoadedSide &loaded);

/// What a run of a side needs besides its model.
struct RunPlan
{
    std::filesystem::path runner;
    std::filesystem::path folder;           ///< where the dump goes
    std::string_view name;                  ///< stem of the dump's file: "baseline"
    std::size_t threads = 0;                ///< 0: the runtime's default
    std::map<std::string, InputTwin> twins; ///< InputSource::twins
};

/// Runs the side's model in a child process and loads the captured dump; with an optimization level
/// the graph becomes the one the runtime really executed.
Result<void> runSide(LoadedSide &loaded, const SideConfig &side, const SessionConfig &config,
                     const RunPlan &plan, const JobContext &job);

} // namespace syncpoint
