#pragma once
#include "compare/session/session_config.h"
#include "core/base/result.h"

#include <filesystem>
#include <optional>

namespace syncpoint {

/// What the command line asks the window to open.
struct GuiOptions
{
    SessionConfig config;
    std::optional<std::filesystem::path> session; ///< a *.syncpoint file; config is then unused
    std::optional<std::filesystem::path> sweep;   ///< a sweep's report, likewise
    bool showsExample = false;
};

/// Prints help or version and ends the process when asked to, as command lines do; everything else
/// that is wrong is an error.
Result<GuiOptions> parseGuiOptions(int argc, char **argv);

} // namespace syncpoint
