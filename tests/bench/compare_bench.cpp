#include "tests/bench/benches.h"

#include "tests/bench/timing.h"

#include <cstdlib>
#include <fmt/format.h>

namespace syncpoint::bench {

void compareBench(BenchReport &report)
{
    constexpr std::string_view kName = "compare PromptSeg float against int8";
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    const std::filesystem::path tool = folder / "syncpoint-cli";
    const std::filesystem::path runner = folder / "syncpoint-runner";
    if (!std::filesystem::exists(tool) || !std::filesystem::exists(runner)) {
        report.skip(kName, "syncpoint-cli or syncpoint-runner is not built beside this program");
        return;
    }
    const std::filesystem::path example = std::filesystem::path(SYNCPOINT_EXAMPLES) / "promptseg";
    const std::string command =
        fmt::format("'{}' compare '{}' '{}' --inputs '{}' --samples 1 --quiet > /dev/null",
                    tool.string(), (example / "baseline.onnx").string(),
                    (example / "int8.onnx").string(), (example / "inputs.npz").string());
    if (std::system(command.c_str()) != 0) { // the first run also warms the page cache
        report.skip(kName, "the command failed: " + command);
        return;
    }
    const auto seconds =
        fastestSeconds({{"compare", [&] { keep(std::system(command.c_str())); }}}, 5);
    report.add({std::string(kName), seconds[0], "s", 0.8, false,
                "whole command, both models run, one sample, files in the page cache"});
}

} // namespace syncpoint::bench
