#include "tests/bench/measured_process.h"

#include "tests/bench/bench_report.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

namespace syncpoint::bench {
namespace {

constexpr std::chrono::milliseconds kSamplePeriod{2};

struct Resident
{
    double anonMb = 0.0, fileMb = 0.0;
};

Resident residentNow()
{
    std::ifstream status("/proc/self/status");
    Resident result;
    std::string line;
    while (std::getline(status, line)) {
        std::istringstream words(line);
        std::string key;
        double kilobytes = 0.0;
        words >> key >> kilobytes;
        if (key == "RssAnon:") {
            result.anonMb = kilobytes / 1024.0;
        } else if (key == "RssFile:") {
            result.fileMb = kilobytes / 1024.0;
        }
    }
    return result;
}

/// Watches this process's memory for as long as it lives.
class MemoryPeak
{
public:
    MemoryPeak() : m_thread([this] { watch(); }) {}
    ~MemoryPeak() { stop(); }
    MemoryPeak(const MemoryPeak &) = delete;
    MemoryPeak &operator=(const MemoryPeak &) = delete;

    Resident stop()
    {
        m_stop = true;
        if (m_thread.joinable()) {
            m_thread.join();
        }
        return m_peak;
    }

private:
    void watch()
    {
        do {
            const Resident now = residentNow();
            m_peak.anonMb = std::max(m_peak.anonMb, now.anonMb);
            m_peak.fileMb = std::max(m_peak.fileMb, now.fileMb);
            std::this_thread::sleep_for(kSamplePeriod);
        } while (!m_stop);
    }
    std::atomic<bool> m_stop{false};
    Resident m_peak;
    std::thread m_thread;
};

std::string shellQuoted(std::string_view text)
{
    std::string result = "'";
    for (const char c : text) {
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return result + "'";
}

struct CloseProcess
{
    void operator()(FILE *process) const { pclose(process); }
};

} // namespace

std::optional<ProcessCost> measureInChild(std::string_view step,
                                          const std::vector<std::string> &arguments)
{
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    std::string command = shellQuoted(self.string()) + " --child " + shellQuoted(step);
    for (const std::string &argument : arguments) {
        command += " " + shellQuoted(argument);
    }
    const std::unique_ptr<FILE, CloseProcess> process(popen(command.c_str(), "r"));
    ProcessCost cost;
    if (!process || std::fscanf(process.get(), "%lf %lf %lf %lf", &cost.seconds, &cost.peakAnonMb,
                                &cost.peakFileMb, &cost.restMb) != 4) {
        return std::nullopt;
    }
    return cost;
}

int runChildStep(std::string_view step, const std::vector<std::string> &arguments)
{
    for (const ChildStep &candidate : allChildSteps()) {
        if (candidate.name != step) {
            continue;
        }
        MemoryPeak peak;
        const auto start = std::chrono::steady_clock::now();
        const StepResult made = candidate.run(arguments);
        if (!made) {
            return 1;
        }
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
        const Resident rest = residentNow();
        const Resident most = peak.stop();
        fmt::print("{} {} {} {}\n", time.count(), most.anonMb, most.fileMb,
                   rest.anonMb + rest.fileMb);
        return 0;
    }
    return 1;
}

} // namespace syncpoint::bench
