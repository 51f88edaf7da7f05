#include "app/runner/progress_reporter.h"
#include "core/launch/run_request.h"
#include "core/run/model_runner.h"
#include "core/run/process_memory.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <unistd.h>

namespace {
constexpr int kExitOk = 0;
constexpr int kExitUsage = 2;
constexpr int kExitError = 3;

/// Makes this process end with its parent. False when the parent is already gone.
bool endWithParent(int argc, char **argv)
{
    if (argc != 3 || std::string_view(argv[1]) != "--parent") {
        return argc == 1;
    }
    const std::string_view text(argv[2]);
    pid_t parent = 0;
    std::from_chars(text.data(), text.data() + text.size(), parent);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return ::getppid() == parent; // it may have ended before the line above
}

/// Keeps standard output for the protocol: whatever a library prints goes to standard error.
int takeStandardOutput()
{
    const int protocol = ::dup(STDOUT_FILENO);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    return protocol;
}

/// Set before the handler is; storing to the flag is safe in one.
const syncpoint::CancelToken *stopFlag = nullptr;

void stop(int /*signal*/)
{
    stopFlag->cancel();
}

std::string readRequest()
{
    constexpr std::size_t kTooLong = (std::size_t{16} << 20U) + 1; // rejected when it is parsed
    std::string text;
    std::array<char, 1U << 16U> block{};
    for (std::size_t count = 1; count > 0 && text.size() < kTooLong;) {
        count = std::fread(block.data(), 1, block.size(), stdin);
        text.append(block.data(), count);
    }
    return text;
}
} // namespace

int main(int argc, char **argv)
{
    using namespace syncpoint;
    if (!endWithParent(argc, argv)) {
        std::fputs("syncpoint-runner takes one JSON request on standard input "
                   "(docs/runner-protocol.md)\n",
                   stderr);
        return kExitUsage;
    }
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error that is reported
    const JobContext job;
    stopFlag = &job.token();
    std::signal(SIGTERM, stop);
    ProgressReporter reporter(takeStandardOutput(), job);
    const auto request = runRequestFromJson(readRequest());
    auto outcome = request ? runModel(*request, "syncpoint-runner " SYNCPOINT_VERSION, job)
                           : Result<RunOutcome>(request.error());
    if (outcome) {
        outcome->peakMemory = std::max(outcome->peakMemory, peakMemory());
    }
    reporter.finish(outcome ? RunnerMessage(*outcome) : RunnerMessage(outcome.error()));
    // The dump is closed; taking the runtime down in order would only cost time.
    std::_Exit(outcome ? kExitOk : kExitError);
}
