#pragma once
#include "core/base/job_context.h"
#include "core/launch/runner_protocol.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace syncpoint {

/// Writes protocol lines to a file descriptor: progress of `job` ten times a second while it
/// lives, and what send() is given.
class ProgressReporter
{
public:
    ProgressReporter(int file, const JobContext &job);
    ~ProgressReporter();
    ProgressReporter(const ProgressReporter &) = delete;
    ProgressReporter &operator=(const ProgressReporter &) = delete;

    /// Ends the progress and writes the last message.
    void finish(const RunnerMessage &message);

private:
    void follow();
    void stop();
    void send(const RunnerMessage &message) const;

    int m_file;
    JobContext m_job;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stopped = false;
    std::thread m_thread;
};

} // namespace syncpoint
