#include "tests/bench/model_opening.h"

#include "core/formats/registry.h"
#include "tests/bench/benches.h"
#include "tests/bench/measured_process.h"

#include <fmt/format.h>
#include <limits>

namespace syncpoint::bench {

void reportOpening(BenchReport &out, const std::string &what, const std::filesystem::path &path)
{
    std::optional<ProcessCost> best;
    for (int round = 0; round < 3; ++round) {
        const auto cost = measureInChild("open-model", {path.string()});
        if (!cost) {
            out.add({"open " + what, std::numeric_limits<double>::infinity(), "s", 1.0, false,
                     "loading failed"});
            return;
        }
        if (!best || cost->seconds < best->seconds) {
            best = cost;
        }
    }
    out.add({"open " + what, best->seconds, "s", 1.0, false, "loadGraph() or loadDump()"});
    out.add({"open " + what + ", private memory", best->peakAnonMb, "MB", 200.0, false,
             "peak RssAnon of the process"});
}

StepResult openModelStep(const std::vector<std::string> &arguments)
{
    const std::string &path = arguments.at(0);
    const auto report = [](const auto &loaded) -> StepResult {
        if (!loaded) {
            fmt::print(stderr, "{}\n", loaded.error().message);
            return nullptr;
        }
        return *loaded;
    };
    const auto kind = kindOfFile(path);
    return kind && *kind == FileKind::Dump ? report(loadDump(path, JobContext()))
                                           : report(loadGraph(path, JobContext()));
}

} // namespace syncpoint::bench
