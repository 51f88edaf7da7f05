#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint::bench {

/// What a step cost in a process of its own.
struct ProcessCost
{
    double seconds = 0.0;    ///< of the step, without starting the process
    double peakAnonMb = 0.0; ///< RssAnon: private memory
    double peakFileMb = 0.0; ///< RssFile: resident pages of mapped files
    double restMb = 0.0;     ///< both once the step is done
};

/// Runs a ChildStep of this program in a child process; nothing when it failed.
std::optional<ProcessCost> measureInChild(std::string_view step,
                                          const std::vector<std::string> &arguments);

/// The child's side: runs the step while a thread samples /proc/self/status, prints the cost.
int runChildStep(std::string_view step, const std::vector<std::string> &arguments);

} // namespace syncpoint::bench
