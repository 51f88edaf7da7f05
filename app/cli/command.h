#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace syncpoint {

/// What the process returns (docs/cli.md).
enum class ExitCode { Ok = 0, Divergence = 1, Usage = 2, BadInput = 3, Cancelled = 4 };

/// What every command takes.
struct CommonOptions
{
    std::string json; ///< file, "-" for standard output, "" for none
    bool quiet = false;
    std::size_t threads = 0;
};

/// One subcommand. Made by a line in command_list.cpp.
class Command
{
public:
    virtual ~Command() = default;
    /// Adds the subcommand and its options to `parent`, bound to members of this object.
    virtual CLI::App *declare(CLI::App &parent) = 0;
    /// Looks at what was parsed; an error here is wrong usage (exit code 2).
    virtual Result<void> checkOptions() { return {}; }
    /// Does the work of a parsed command line. Prints results to standard output only.
    virtual Result<ExitCode> run(const CommonOptions &common, const JobContext &job) = 0;
};

/// Every command, in the order of the help text.
std::vector<std::unique_ptr<Command>> allCommands();

std::unique_ptr<Command> makeInspectCommand();
std::unique_ptr<Command> makeFormatsCommand();
std::unique_ptr<Command> makeMetricsCommand();
std::unique_ptr<Command> makeRunCommand();
std::unique_ptr<Command> makeConvertCommand();
std::unique_ptr<Command> makeAlignCommand();
std::unique_ptr<Command> makeCompareCommand();
std::unique_ptr<Command> makeSweepCommand();
std::unique_ptr<Command> makeDiffCommand();

} // namespace syncpoint
