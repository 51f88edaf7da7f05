#include "tests/bench/benches.h"

#include "compare/metric/measurement.h"
#include "compare/metric/tensor_pair.h"
#include "core/formats/hdf5/dump_writer.h"
#include "core/formats/registry.h"
#include "tests/bench/measured_process.h"

#include <fmt/format.h>

namespace syncpoint::bench {
namespace {

constexpr std::size_t kTensors = 8;
constexpr std::int64_t kChannels = 64;
constexpr std::int64_t kEdge = 1448; // 1 × 64 × 1448² float32: 512 MiB

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
        entry.name = fmt::format("t{}", i);
        entry.info = tensor.info();
        const auto written = (*writer)->write(0, entry, tensor);
        if (!written) {
            fmt::print(stderr, "{}\n", written.error().message);
            return false;
        }
    }
    return static_cast<bool>((*writer)->finish());
}

} // namespace

bool compareDumpsStep(const std::vector<std::string> &arguments)
{
    const auto reference = loadDump(arguments.at(0), JobContext());
    const auto candidate = loadDump(arguments.at(1), JobContext());
    if (!reference || !candidate) {
        return false;
    }
    const TensorStore &r = *(*reference)->samples.at(0);
    const TensorStore &c = *(*candidate)->samples.at(0);
    for (std::size_t i = 0; i < r.entries().size(); ++i) {
        TensorPair pair;
        pair.referenceStore = &r;
        pair.reference = TensorId(i);
        pair.candidateStore = &c;
        pair.candidate = TensorId(i);
        const auto measured = measurePair(pair, MetricSettings(), JobContext());
        if (!measured || measured->total.total == 0) {
            return false;
        }
    }
    return true;
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
