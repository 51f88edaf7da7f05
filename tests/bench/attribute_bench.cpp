#include "tests/bench/benches.h"

#include "compare/session/compare_models.h"
#include "core/launch/runner_client.h"
#include "tests/bench/timing.h"
#include "tests/eval/faults/evaluation.h"

#include <fmt/format.h>

namespace syncpoint::bench {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kFaults = "naming planted faults";
constexpr std::string_view kReplay = "replay of every region of PromptSeg int8";

void faultsBench(BenchReport &report, const fs::path &runner, const fs::path &folder)
{
    // All of docs/attribution.md: some minutes of work.
    const faults::FaultScores scores = faults::evaluateFaults(runner, folder, {1, 2, 3, 4}, 1);
    fmt::print("{}", scores.table());
    for (const std::string &miss : scores.misses) {
        fmt::print("miss: {}\n", miss);
    }
    const faults::Hits all = scores.all();
    if (all.cases == 0 || scores.healthy == 0) {
        report.skip(kFaults, "no network could be run");
        return;
    }
    std::string others;
    for (const auto &[method, hits] : all.others) {
        others += fmt::format("{}{} {}", others.empty() ? "" : ", ", method, hits);
    }
    const auto part = [](std::size_t hits, std::size_t of) {
        return static_cast<double>(hits) / static_cast<double>(of);
    };
    report.add({std::string(kFaults) + ", top-1", part(all.top1, all.cases), "", 0.95, true,
                fmt::format("of {} planted faults; others name {}", all.cases, others)});
    report.add({std::string(kFaults) + ", top-3", part(all.top3, all.cases), "", 0.99, true,
                fmt::format("of {} planted faults", all.cases)});
    report.add({"healthy pairs cleared", part(scores.cleared, scores.healthy), "", 0.95, true,
                fmt::format("of {}: accumulated or none", scores.healthy)});
}

/// Both sides are read from dumps, so only replaying differs.
void replayBench(BenchReport &report, const fs::path &runner, const fs::path &folder)
{
    const fs::path example = fs::path(SYNCPOINT_EXAMPLES) / "promptseg";
    CompareEnvironment environment;
    environment.runner = runner;
    environment.scratchRoot = folder;
    SessionConfig config;
    config.baseline.model = example / "baseline.onnx";
    config.candidate.model = example / "int8.onnx";
    config.inputs.file = example / "inputs.npz";
    config.inputs.samples = 1;
    const auto compare = [&](AttributionLevel level) {
        config.attribution = level;
        return Timed{"compare", [=] { keep(compareModels(config, environment, {}) ? 1.0 : 0.0); }};
    };
    const auto seconds =
        fastestSeconds({compare(AttributionLevel::Tensors), compare(AttributionLevel::Replay)}, 5);
    report.add({std::string(kReplay), seconds[1] - seconds[0], "s", 2.0, false,
                fmt::format("comparing takes {:.2f} s without it; one sample", seconds[0])});
}

} // namespace

void attributeBench(BenchReport &report)
{
    const auto runner = RunnerClient::findRunner();
    if (!runner) {
        report.skip(kFaults, runner.error().message);
        return;
    }
    const fs::path folder = fs::path(SYNCPOINT_BENCH_DATA) / "attribute";
    fs::create_directories(folder);
    replayBench(report, *runner, folder);
    faultsBench(report, *runner, folder);
    fs::remove_all(folder);
}

} // namespace syncpoint::bench
