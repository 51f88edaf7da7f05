#include "tests/bench/benches.h"
#include "tests/bench/model_opening.h"

#include <fmt/format.h>
#include <fstream>
#include <tflite_generated.h>

namespace syncpoint::bench {
namespace {

constexpr std::uint32_t kWeights = 10;
constexpr std::int32_t kRows = 5000; // kRows² float32 = 100 MB
constexpr std::uint64_t kWeightBytes = std::uint64_t{kRows} * kRows * 4;
constexpr std::uint64_t kFirstWeight = 1U << 20U; // the tables lie before
constexpr std::int32_t kFullyConnected = 9;

/// A chain of FULLY_CONNECTED. Weights lie behind the tables, as in models of that size, and are
/// holes in the file: full size, no space on the disk.
void writeModel(const std::filesystem::path &path)
{
    flatbuffers::FlatBufferBuilder out;
    std::vector<flatbuffers::Offset<tflite::Buffer>> buffers{tflite::CreateBuffer(out)};
    std::vector<flatbuffers::Offset<tflite::Tensor>> tensors;
    std::vector<flatbuffers::Offset<tflite::Operator>> ops;
    const auto addTensor = [&](const std::string &name, std::vector<std::int32_t> shape,
                               std::uint32_t buffer) {
        const auto extents = out.CreateVector(shape);
        tensors.push_back(tflite::CreateTensor(out, extents, 0, buffer, out.CreateString(name)));
        return static_cast<std::int32_t>(tensors.size() - 1);
    };
    std::int32_t last = addTensor("x0", {1, kRows}, 0);
    for (std::uint32_t i = 0; i < kWeights; ++i) {
        buffers.push_back(
            tflite::CreateBuffer(out, 0, kFirstWeight + i * kWeightBytes, kWeightBytes));
        const std::int32_t weight = addTensor(fmt::format("w{}", i), {kRows, kRows}, i + 1);
        const std::int32_t next = addTensor(fmt::format("x{}", i + 1), {1, kRows}, 0);
        const auto inputs = out.CreateVector(std::vector<std::int32_t>{last, weight});
        const auto outputs = out.CreateVector(std::vector<std::int32_t>{next});
        ops.push_back(tflite::CreateOperator(out, 0, inputs, outputs));
        last = next;
    }
    const auto inputs = out.CreateVector(std::vector<std::int32_t>{0});
    const auto outputs = out.CreateVector(std::vector<std::int32_t>{last});
    const std::vector graphs{tflite::CreateSubGraph(out, out.CreateVector(tensors), inputs, outputs,
                                                    out.CreateVector(ops))};
    const std::vector codes{
        tflite::CreateOperatorCode(out, kFullyConnected, 0, 1, kFullyConnected)};
    tflite::FinishModelBuffer(out, tflite::CreateModel(out, 3, out.CreateVector(codes),
                                                       out.CreateVector(graphs), 0,
                                                       out.CreateVector(buffers)));
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(out.GetBufferPointer()), out.GetSize());
    std::filesystem::resize_file(path, kFirstWeight + kWeights * kWeightBytes);
}

} // namespace

void tfliteBench(BenchReport &out)
{
    const std::filesystem::path folder = std::filesystem::path(SYNCPOINT_BENCH_DATA) / "tflite";
    std::filesystem::create_directories(folder);
    writeModel(folder / "large.tflite");
    reportOpening(out, "1 GB TFLite", folder / "large.tflite");
    std::filesystem::remove_all(folder);
}

} // namespace syncpoint::bench
