#include "tests/bench/benches.h"

#include "core/formats/registry.h"
#include "core/graph/graph_builder.h"
#include "tests/bench/measured_process.h"
#include "tests/bench/offscreen_application.h"
#include "tests/bench/timing.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/range_bar.h"
#include "viewers/tensor/tensor_pane.h"

#include <QApplication>
#include <QKeyEvent>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <limits>

namespace syncpoint::bench {
namespace {

constexpr std::int64_t kSide = 4000; ///< 16 million elements in one plane
constexpr int kRounds = 3;

TensorContent largeContent()
{
    TensorContent content;
    content.shape = {1, 1, kSide, kSide};
    const auto count = static_cast<std::size_t>(kSide * kSide);
    for (TensorSide *side : {&content.reference, &content.candidate}) {
        side->values.resize(count);
        const float error = side == &content.candidate ? 1e-3F : 0.0F;
        for (std::size_t i = 0; i < count; ++i) {
            const auto x = static_cast<float>(i % kSide);
            const auto y = static_cast<float>(i / kSide);
            side->values[i] = std::sin(x * 0.01F) * std::cos(y * 0.013F) + error * x / y;
        }
    }
    return content;
}

constexpr std::int64_t kEdge = 1024; ///< 1024³ elements, 4 GB of float32

/// A NumPy file of zeros that takes no room on the disk.
bool writeBillion(const std::filesystem::path &path)
{
    std::string header = fmt::format(
        "{{'descr': '<f4', 'fortran_order': False, 'shape': ({0}, {0}, {0}), }}", kEdge);
    header.resize(117, ' ');
    header += '\n';
    const auto length = static_cast<std::uint16_t>(header.size());
    std::ofstream file(path, std::ios::binary);
    file.write("\x93NUMPY\x01\x00", 8)
        .write(reinterpret_cast<const char *>(&length), sizeof(length));
    file << header;
    file.close();
    std::error_code failed;
    std::filesystem::resize_file(path, 10 + header.size() + 4ULL * kEdge * kEdge * kEdge, failed);
    return file.good() && !failed;
}

void billionBench(BenchReport &report)
{
    constexpr std::string_view kName = "tensor: slices of 1 billion elements, memory";
    const auto folder = std::filesystem::path(SYNCPOINT_BENCH_DATA) / "tensor";
    std::filesystem::create_directories(folder);
    const auto path = folder / "x.npy";
    if (!writeBillion(path)) {
        report.skip(kName, "the file could not be written");
    } else if (const auto cost = measureInChild("show-slices", {path.string()})) {
        report.add({std::string(kName), cost->peakAnonMb + cost->peakFileMb, "MB", 200.0, false,
                    "peak of the whole process with the tensor pane, private and mapped; three of "
                    "its parts"});
        report.add({"tensor: slices of 1 billion elements",
                    cost->seconds,
                    "s",
                    {},
                    false,
                    "opening the dump and painting three of its parts"});
    } else {
        report.skip(kName, "the slices could not be shown");
    }
    std::filesystem::remove_all(folder);
}

} // namespace

StepResult showSlicesStep(const std::vector<std::string> &arguments)
{
    const OffscreenApplication application;
    const auto dump = loadDump(arguments.at(0), {});
    if (!dump) {
        fmt::print(stderr, "{}\n", dump.error().message);
        return nullptr;
    }
    GraphBuilder builder;
    const std::string name = (*dump)->samples.front()->entries().front().name;
    builder.addInput(builder.mainScope(), builder.localValue(builder.mainScope(), name));
    auto result = std::make_shared<ComparisonResult>();
    result->baseline.graph = builder.build().value();
    result->baseline.dump = *dump;
    Theme theme;
    TensorPane pane(theme);
    pane.resize(1200, 800);
    pane.show();
    TensorRequest request;
    request.result = result;
    request.value = *result->baseline.graph->findValue(name);
    for (const std::size_t part : {0U, 100U, 255U}) {
        request.part = part;
        TensorContent content = loadTensorContent(request, JobContext());
        if (!content.problem.empty() || content.reference.values.empty()) {
            fmt::print(stderr, "{}\n", content.problem);
            return nullptr;
        }
        pane.setContent(std::move(content));
        keep(pane.grab().width());
    }
    return result;
}

void tensorBench(BenchReport &report)
{
    const OffscreenApplication application;
    Theme theme;
    TensorContent content = largeContent();
    const auto milliseconds = [](const char *label, const std::function<void()> &body) {
        return fastestSeconds({{label, body}}, kRounds).front() * 1000.0;
    };
    report.add({"tensor: extent and histogram of both sides, 16 M elements",
                milliseconds("histogram", [&content] { summarize(content); }), "ms", 60.0, false,
                "256 bins over the common extent"});

    TensorPane pane(theme);
    pane.resize(1200, 800);
    pane.show();
    double fastest = std::numeric_limits<double>::infinity();
    for (int round = 0; round < kRounds; ++round) {
        TensorContent copy = content;
        pane.showMessage({});
        const auto start = std::chrono::steady_clock::now();
        pane.setContent(std::move(copy));
        keep(pane.grab().width());
        const std::chrono::duration<double, std::milli> time =
            std::chrono::steady_clock::now() - start;
        fastest = std::min(fastest, time.count());
    }
    report.add({"tensor: first picture of 16 M elements", fastest, "ms", 100.0, false,
                "A, B and difference at 1200×800, data in memory"});

    auto *bar = pane.findChild<RangeBar *>();
    const double frame = milliseconds("range", [&] {
        QKeyEvent press(QEvent::KeyPress, Qt::Key_Left, Qt::NoModifier);
        QApplication::sendEvent(bar, &press);
        keep(pane.grab().width());
    });
    report.add({"tensor: frames while the range is dragged", 1000.0 / frame, "per second", 30.0,
                true, "16 M elements, A, B and difference at 1200×800"});
    billionBench(report);
}

} // namespace syncpoint::bench
