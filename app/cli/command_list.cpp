#include "app/cli/command.h"

namespace syncpoint {

std::vector<std::unique_ptr<Command>> allCommands()
{
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(makeInspectCommand());
    commands.push_back(makeFormatsCommand());
    commands.push_back(makeMetricsCommand());
    commands.push_back(makeRunCommand());
    commands.push_back(makeConvertCommand());
    commands.push_back(makeAlignCommand());
    commands.push_back(makeCompareCommand());
    commands.push_back(makeSweepCommand());
    commands.push_back(makeDiffCommand());
    return commands;
}

} // namespace syncpoint
