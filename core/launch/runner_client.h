#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/launch/run_request.h"
#include "core/launch/runner_protocol.h"

#include <chrono>
#include <filesystem>

namespace syncpoint {

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

    /// Blocks until the child ended; cancelling `job` kills it within 100 ms. `timeout` zero means
    /// none. The dump and, when the runtime rewrote the model, `<output>.onnx` appear when the run
    /// is complete; otherwise nothing is left, unless `request.keepPartial`: then the child gets
    /// two seconds to complete what it has, what a child that died has written until its last
    /// complete sample is kept too, and the error says where that is.
    Result<RunOutcome> run(const RunRequest &request, const JobContext &job,
                           std::chrono::milliseconds timeout = {}) const;

private:
    std::filesystem::path m_program;
};

} // namespace syncpoint
