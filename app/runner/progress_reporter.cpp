#include "app/runner/progress_reporter.h"

#include <cerrno>
#include <chrono>
#include <string>
#include <unistd.h>

namespace syncpoint {

ProgressReporter::ProgressReporter(int file, const JobContext &job)
    : m_file(file), m_job(job), m_thread([this] { follow(); })
{
}

ProgressReporter::~ProgressReporter()
{
    stop();
}

void ProgressReporter::finish(const RunnerMessage &message)
{
    stop();
    send(message);
}

void ProgressReporter::follow()
{
    constexpr std::chrono::milliseconds kInterval{100};
    std::unique_lock lock(m_mutex);
    std::string last;
    while (!m_wake.wait_for(lock, kInterval, [this] { return m_stopped; })) {
        const auto progress = m_job.progress();
        std::string line = toLine(progress);
        if (!progress.stage.empty() && line != last) {
            send(progress);
            last = std::move(line);
        }
    }
}

void ProgressReporter::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
    }
    m_wake.notify_all();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void ProgressReporter::send(const RunnerMessage &message) const
{
    const std::string line = toLine(message) + '\n';
    for (std::size_t sent = 0; sent < line.size();) {
        const ssize_t count = ::write(m_file, line.data() + sent, line.size() - sent);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return; // nobody listens any more
        }
        sent += static_cast<std::size_t>(count);
    }
}

} // namespace syncpoint
