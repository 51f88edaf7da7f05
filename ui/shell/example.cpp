#include "ui/shell/example.h"

#include <QCoreApplication>
#include <system_error>

namespace syncpoint {

std::optional<std::filesystem::path> findExampleFolder()
{
    constexpr int kLevels = 5; // a build folder may lie a few levels below the source tree
    std::filesystem::path above = QCoreApplication::applicationDirPath().toStdString();
    for (int level = 0; level < kLevels && !above.empty(); ++level) {
        for (const char *place : {"share/syncpoint/examples/promptseg", "examples/promptseg"}) {
            std::error_code ignored;
            if (std::filesystem::is_regular_file(above / place / "baseline.onnx", ignored)) {
                return above / place;
            }
        }
        above = above.parent_path();
    }
    return std::nullopt;
}

SessionConfig exampleConfig(const std::filesystem::path &folder)
{
    SessionConfig config;
    config.baseline.model = folder / "baseline.onnx";
    config.candidate.model = folder / "int4.onnx";
    config.inputs.file = folder / "inputs.npz";
    return config;
}

} // namespace syncpoint
