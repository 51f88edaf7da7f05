#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/output.h"
#include "app/cli/progress_line.h"
#include "compare/report/tool_version.h"
#include "core/base/parallel_for.h"

#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <optional>

namespace syncpoint {

namespace {
void printError(std::string_view sentence)
{
    const std::string line = fmt::format("syncpoint-cli: error: {}\n", withoutControls(sentence));
    std::fputs(line.c_str(), stderr);
}

ExitCode exitCodeOf(const Error &error)
{
    return error.code == ErrorCode::Cancelled ? ExitCode::Cancelled : ExitCode::BadInput;
}

/// Runs the command that was parsed; errors become a sentence and an exit code.
ExitCode execute(Command &command, const CommonOptions &common)
{
    if (const auto usable = command.checkOptions(); !usable) {
        printError(usable.error().message);
        return ExitCode::Usage;
    }
    const CancelToken token;
    cancelOnInterrupt(token);
    const ThreadLimit limit(common.threads);
    const JobContext job(token);
    std::optional<ProgressLine> progress;
    progress.emplace(job, !common.quiet);
    auto outcome = checkWritable({common.json});
    const auto code = outcome ? command.run(common, job) : Result<ExitCode>(outcome.error());
    progress.reset(); // gone from the terminal before anything else is written there
    if (code) {
        return *code;
    }
    printError(token.isCancelled() ? JobContext::cancelledError().message : code.error().message);
    return token.isCancelled() ? ExitCode::Cancelled : exitCodeOf(code.error());
}

void declareCommon(CLI::App &command, CommonOptions &common)
{
    command.add_option("--json", common.json, "Write the result as JSON (- = standard output)")
        ->type_name("FILE");
    command.add_flag("--quiet", common.quiet, "Print no summary and no progress");
    command.add_option("--threads", common.threads, "Worker threads (default: all cores)")
        ->type_name("N");
}

ExitCode runTool(int argc, char **argv)
{
    CLI::App app("Syncpoint compares two models tensor by tensor and says where they part.",
                 "syncpoint-cli");
    app.set_version_flag("--version", std::string(toolVersion()));
    app.require_subcommand(1);
    CommonOptions common;
    const auto commands = allCommands();
    std::vector<CLI::App *> declared;
    for (const auto &command : commands) {
        declared.push_back(command->declare(app));
        declareCommon(*declared.back(), common);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        if (error.get_exit_code() == 0) { // --help and --version
            app.exit(error);
            return ExitCode::Ok;
        }
        printError(fmt::format("{} (see syncpoint-cli --help)", error.what()));
        return ExitCode::Usage;
    }
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (declared[i]->parsed()) {
            return execute(*commands[i], common);
        }
    }
    return ExitCode::Usage;
}
} // namespace

} // namespace syncpoint

int main(int argc, char **argv)
{
    try {
        return static_cast<int>(syncpoint::runTool(argc, argv));
    } catch (const std::bad_alloc &) {
        std::fputs("syncpoint-cli: error: out of memory\n", stderr);
    } catch (const std::exception &error) {
        std::fputs((std::string("syncpoint-cli: error: ") + error.what() + "\n").c_str(), stderr);
    }
    return static_cast<int>(syncpoint::ExitCode::BadInput);
}
