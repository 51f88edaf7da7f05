#pragma once
#include "compare/session/comparison_result.h"
#include "core/base/job_context.h"
#include "core/base/result.h"

#include <filesystem>
#include <memory>

namespace syncpoint {

/// What the environment provides to a comparison.
struct CompareEnvironment
{
    std::optional<std::filesystem::path>
        runner;                        ///< syncpoint-runner; none: running is not possible
    std::filesystem::path scratchRoot; ///< for dumps of runs; empty: the system's temporary folder
    std::size_t threads = 0;           ///< of the inference runtime, over both runs; 0: all cores
};

/// The one entry point: loads, runs what has no dump, aligns, measures, attributes, rolls up. One
/// bad tensor is a diagnostic; the errors are: unreadable files, inputs that do not fit, nothing in
/// common, cancel. Coverage below the floor is a result with a diagnostic, not an error: the caller
/// decides.
Result<std::shared_ptr<const ComparisonResult>> compareModels(const SessionConfig &config,
                                                              const CompareEnvironment &environment,
                                                              const JobContext &job);

/// Whether a comparison with `config` would load the same files and run the same models on the same
/// inputs as the previous one did: only the map, metrics, thresholds or attribution differ.
bool capturesSame(const ComparisonResult &previous, const SessionConfig &config);

/// compareModels() on the tensors that the previous comparison captured: nothing is loaded or run
/// again. Only where capturesSame().
Result<std::shared_ptr<const ComparisonResult>>
compareCaptured(const ComparisonResult &previous, const SessionConfig &config,
                const CompareEnvironment &environment, const JobContext &job);

/// The session file (*.syncpoint, JSON): the config with paths relative to the file, and `view`,
/// which the window stores and gets back untouched (a JSON object as text).
struct SessionFile
{
    SessionConfig config;
    std::string view = "{}";
};
Result<SessionFile> readSession(const std::filesystem::path &path);
Result<void> writeSession(const std::filesystem::path &path, const SessionFile &session);

} // namespace syncpoint
