#include "tests/bench/benches.h"

#include "core/launch/runner_client.h"
#include "tests/bench/timing.h"
#include "tests/core/run/tiny_model.h"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <span>
#include <unistd.h>

namespace syncpoint::bench {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kLimited = "2 GB of intermediates under a limit of 512 MB";
constexpr std::string_view kOverhead = "capturing PromptSeg";
constexpr std::uint64_t kMegabyte = 1U << 20U;

/// 32 ops in a row, each with a result of this shape.
TinyModel chainOf(const std::vector<std::int64_t> &shape)
{
    TinyModel model;
    model.input("x", DType::Float32, shape).output("v32", DType::Float32, shape);
    for (int i = 1; i <= 32; ++i) {
        const std::string before = i == 1 ? "x" : fmt::format("v{}", i - 1);
        model.op("Neg", {before}, {fmt::format("v{}", i)});
    }
    return model;
}

/// What the process takes without tensors to speak of.
RunRequest idleRequest(const fs::path &folder)
{
    RunRequest request;
    request.model = chainOf({1, 1, 1, 1}).write(folder);
    request.output = folder / "idle.h5";
    return request;
}

void limitedBench(BenchReport &report, const RunnerClient &runner, const fs::path &folder)
{
    if (fs::space(folder).available < 4096 * kMegabyte) {
        report.skip(kLimited, "less than 4 GB of disk space are free");
        return;
    }
    RunRequest request;
    request.model = chainOf({1, 64, 512, 512}).write(folder); // 64 MiB each
    request.output = folder / "wide.h5";
    request.inputs.fallback.kind = InputFill::Kind::Zeros;
    request.memoryLimit = 512 * kMegabyte;
    const auto outcome = runner.run(request, {});
    const auto idle = runner.run(idleRequest(folder), {});
    if (!outcome || !idle || outcome->tensors != 33) {
        report.skip(kLimited, outcome ? "values are missing" : outcome.error().message);
        return;
    }
    const double program = static_cast<double>(idle->peakMemory) / kMegabyte;
    const double peak = static_cast<double>(outcome->peakMemory) / kMegabyte;
    const double size = static_cast<double>(fs::file_size(request.output)) / kMegabyte;
    report.add({std::string(kLimited), peak, "MB", 512.0 + program, false,
                fmt::format("peak of the whole process; limit: 512 MB and what the process takes "
                            "for the same ops on one number ({:.0f} MB); the dump has {:.0f} MB",
                            program, size)});
}

/// Writes all of `data` the way the dump's goes out: from memory that is in no cache, in pieces of
/// a tensor's size.
void writePlainly(const fs::path &path, std::span<const char> data)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (std::size_t done = 0; done < data.size(); done += kMegabyte) {
        const auto piece = data.subspan(done, std::min(data.size() - done, std::size_t{kMegabyte}));
        keep(static_cast<double>(::write(file, piece.data(), piece.size())));
    }
    ::close(file);
}

/// Both ends of a slope, so that starting a process and loading the model do not count.
constexpr std::size_t kFew = 1;
constexpr std::size_t kMany = 8;

void overheadBench(BenchReport &report, const RunnerClient &runner, const fs::path &folder)
{
    const fs::path example = fs::path(SYNCPOINT_EXAMPLES) / "promptseg";
    const fs::path dump = folder / "promptseg.h5";
    const auto run = [&](std::size_t samples, bool capture) {
        RunRequest request;
        request.model = example / "baseline.onnx";
        request.output = dump;
        request.inputs.file = example / "inputs.npz";
        request.inputs.samples = samples;
        request.capture = capture;
        request.plainOutputs = false;
        keep(static_cast<double>(static_cast<bool>(runner.run(request, {}))));
    };
    // Removing a file waits until what is on its way to the disk is there.
    const auto remove = [&] { fs::remove(dump); };
    const auto sizeWith = [&](std::size_t samples) -> std::uint64_t {
        run(samples, true);
        std::error_code missing;
        const auto size = fs::file_size(dump, missing);
        remove();
        return missing ? 0 : size;
    };
    const std::uint64_t many = sizeWith(kMany);
    const std::uint64_t bytes = many - std::min(sizeWith(kFew), many);
    if (bytes == 0) {
        report.skip(kOverhead, "the run failed");
        return;
    }
    const std::vector<char> data(bytes, 'x');
    const auto seconds = fastestSeconds({{"plain, few", [&] { run(kFew, false); }, remove},
                                         {"plain, many", [&] { run(kMany, false); }, remove},
                                         {"captured, few", [&] { run(kFew, true); }, remove},
                                         {"captured, many", [&] { run(kMany, true); }, remove},
                                         {"disk", [&] { writePlainly(dump, data); }, remove}},
                                        7);
    constexpr double kSlowdown = 3.0;
    constexpr double kShareOfDisk = 0.7;
    const double plain = seconds[1] - seconds[0];
    const double captured = seconds[3] - seconds[2];
    const double allowed = kSlowdown * plain + seconds[4] / kShareOfDisk;
    constexpr double kPerSample = 1000.0 / static_cast<double>(kMany - kFew);
    report.add(
        {std::string(kOverhead), captured * kPerSample, "ms", allowed * kPerSample, false,
         fmt::format("per sample; limit: 3 times the plain run ({:.1f} ms) and writing {:.1f} "
                     "MB at 70 % of the disk's speed ({:.1f} ms)",
                     plain * kPerSample, static_cast<double>(bytes) / kMegabyte / (kMany - kFew),
                     seconds[4] * kPerSample)});
}
} // namespace

void runBench(BenchReport &report)
{
    const auto program = RunnerClient::findRunner();
    if (!program) {
        report.skip(kLimited, program.error().message);
        return;
    }
    const fs::path folder = fs::path(SYNCPOINT_BENCH_DATA) / "run";
    fs::create_directories(folder);
    const RunnerClient runner(*program);
    overheadBench(report, runner, folder); // before 2 GB are on their way to the disk
    limitedBench(report, runner, folder);
    fs::remove_all(folder);
}

} // namespace syncpoint::bench
