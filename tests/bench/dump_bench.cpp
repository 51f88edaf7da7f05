#include "tests/bench/benches.h"

#include "compare/session/compare_models.h"
#include "core/formats/hdf5/dump_writer.h"
#include "core/graph/graph_builder.h"
#include "tests/bench/measured_process.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint::bench {
namespace {

constexpr std::size_t kTensors = 8;
constexpr std::int64_t kChannels = 64;
constexpr std::int64_t kEdge = 1448; // 1 × 64 × 1448² float32: 512 MiB

std::string tensorName(std::size_t index)
{
    return fmt::format("t{}", index);
}

/// A chain of Relu over all tensors of the dump.
std::shared_ptr<const Graph> chain()
{
    GraphBuilder builder;
    const ScopeId main = builder.mainScope();
    builder.addInput(main, builder.localValue(main, tensorName(0)));
    for (std::size_t i = 1; i < kTensors; ++i) {
        builder.addNode(fmt::format("relu{}", i), "Relu", {tensorName(i - 1)}, {tensorName(i)});
    }
    builder.addOutput(main, builder.value(main, tensorName(kTensors - 1)));
    return builder.build().value();
}

/// A dump of 4 GB whose tensors share one value in memory.
bool writeDump(const std::filesystem::path &path, float value)
{
    const Shape shape{1, kChannels, kEdge, kEdge};
    const std::vector<float> values(elementCount(shape).value(), value);
    const Tensor tensor = Tensor::fromFloats(shape, values);
    auto writer = DumpWriter::create(path, {"bench", "", "", ""}, {});
    if (!writer) {
        fmt::print(stderr, "{}\n", writer.error().message);
        return false;
    }
    for (std::size_t i = 0; i < kTensors; ++i) {
        TensorEntry entry;
        entry.name = tensorName(i);
        entry.info = tensor.info();
        const auto written = (*writer)->write(0, entry, tensor);
        if (!written) {
            fmt::print(stderr, "{}\n", written.error().message);
            return false;
        }
    }
    return (*writer)->writeGraph(*chain()) && (*writer)->finish();
}

} // namespace

StepResult compareDumpsStep(const std::vector<std::string> &arguments)
{
    SessionConfig config;
    config.baseline.dump = arguments.at(0);
    config.candidate.dump = arguments.at(1);
    const auto result = compareModels(config, {}, JobContext());
    if (!result) {
        fmt::print(stderr, "{}\n", result.error().message);
        return nullptr;
    }
    const auto isCompared = [](const PointResult &point) {
        return point.status == PointStatus::Compared;
    };
    const auto compared = std::ranges::count_if((*result)->points, isCompared);
    return compared == std::ptrdiff_t{kTensors} ? *result : nullptr;
}

void dumpBench(BenchReport &report)
{
    const std::filesystem::path folder = std::filesystem::path(SYNCPOINT_BENCH_DATA) / "dumps";
    std::filesystem::create_directories(folder);
    const auto a = folder / "a.h5";
    const auto b = folder / "b.h5";
    constexpr std::string_view kName = "compare two dumps of 4 GB";
    const auto space = std::filesystem::space(folder);
    if (space.available < (std::uint64_t{10} << 30)) {
        report.skip(kName, "less than 10 GB of disk space are free");
    } else if (!writeDump(a, 1.0F) || !writeDump(b, 1.5F)) {
        report.skip(kName, "the dumps could not be written");
    } else if (const auto cost = measureInChild("compare-dumps", {a.string(), b.string()})) {
        report.add({std::string(kName) + ", private memory", cost->peakAnonMb, "MB", 500.0, false,
                    "peak RssAnon of the process"});
        report.add({std::string(kName) + ", mapped pages", cost->peakFileMb, "MB", 500.0, false,
                    "peak RssFile: pages are given back as they are used"});
        report.add({std::string(kName), cost->seconds, "s", {}, false, "all tensors, all metrics"});
    } else {
        report.skip(kName, "the comparison failed");
    }
    std::filesystem::remove_all(folder);
}

} // namespace syncpoint::bench
