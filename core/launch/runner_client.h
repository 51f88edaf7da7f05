#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/launch/run_request.h"

#include <chrono>
#include <filesystem>

namespace syncpoint {

/// What a finished run reports besides its dump.
struct RunOutcome
{
    std::string runtime; ///< "onnxruntime 1.30.0 CPU"
    std::size_t samples = 0;
    std::size_t tensors = 0; ///< captured per sample
    Diagnostics diagnostics;
};

/// Starts syncpoint-runner as a child process and follows it. A crash, a hang or running out of
/// memory in the runtime becomes an Error of code Runtime that says what happened and in which
/// model.
class RunnerClient
{
public:
    /// `program` is the runner's path; findRunner() knows where it is installed.
    explicit RunnerClient(std::filesystem::path program) : m_program(std::move(program)) {}

    /// Beside this executable, else $SYNCPOINT_RUNNER; fails with a sentence when there is none.
    static Result<std::filesystem::path> findRunner();

    /// Blocks until the child ended; cancelling `job` kills it. `timeout` zero means none.
    Result<RunOutcome> run(const RunRequest &request, const JobContext &job,
                           std::chrono::milliseconds timeout = {}) const;

private:
    std::filesystem::path m_program;
};

} // namespace syncpoint
