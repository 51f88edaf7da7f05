#include "app/cli/progress_line.h"

#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace syncpoint {

ProgressLine::ProgressLine(const JobContext &job, bool enabled)
{
    if (enabled && ::isatty(STDERR_FILENO) == 1) {
        m_thread = std::thread([this, job] { follow(job); });
    }
}

ProgressLine::~ProgressLine()
{
    m_stop.store(true);
    m_stop.notify_all();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void ProgressLine::follow(const JobContext &job)
{
    constexpr std::string_view kClearLine = "\r\033[K";
    std::string shown;
    while (!m_stop.load()) {
        const auto progress = job.progress();
        std::string line;
        if (!progress.stage.empty()) {
            line = progress.total > 0
                       ? fmt::format("{} {}/{}", progress.stage, progress.done, progress.total)
                       : progress.stage + " …";
        }
        if (line != shown) {
            std::fputs((std::string(kClearLine) + line).c_str(), stderr);
            shown = line;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    if (!shown.empty()) {
        std::fputs(std::string(kClearLine).c_str(), stderr);
    }
}

} // namespace syncpoint
