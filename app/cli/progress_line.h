#pragma once
#include "core/base/job_context.h"

#include <atomic>
#include <string>
#include <thread>

namespace syncpoint {

/// Shows a job's progress on one line of standard error while it lives; polls, so that jobs need
/// not know. Does nothing when standard error is not a terminal.
class ProgressLine
{
public:
    ProgressLine(const JobContext &job, bool enabled);
    ~ProgressLine();
    ProgressLine(const ProgressLine &) = delete;
    ProgressLine &operator=(const ProgressLine &) = delete;

private:
    void follow(const JobContext &job);
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace syncpoint
