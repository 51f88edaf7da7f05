#include "tests/bench/benches.h"
#include "tests/bench/model_opening.h"

#include <fmt/format.h>
#include <fstream>

namespace syncpoint::bench {
namespace {

constexpr std::uint64_t kWeights = 19;
constexpr std::uint64_t kRows = 5000; // kRows² float32 = 100 MB
constexpr std::uint64_t kWeightBytes = kRows * kRows * 4;

/// Just enough protobuf to write a model.
std::string varint(std::uint64_t value)
{
    std::string out;
    for (; value >= 0x80; value >>= 7) {
        out += static_cast<char>((value & 0x7F) | 0x80);
    }
    return out += static_cast<char>(value);
}
std::string number(std::uint64_t field, std::uint64_t value)
{
    return varint(field << 3) + varint(value);
}
std::string header(std::uint64_t field, std::uint64_t length)
{
    return varint(field << 3 | 2) + varint(length);
}
std::string text(std::uint64_t field, const std::string &value)
{
    return header(field, value.size()) + value;
}

std::string valueInfo(const std::string &name)
{
    const auto dimension = [](std::uint64_t extent) { return text(1, number(1, extent)); };
    const std::string shape = dimension(1) + dimension(kRows);
    return text(1, name) + text(2, text(1, number(1, 1) + text(2, shape)));
}

std::string externalEntry(const std::string &key, const std::string &value)
{
    return text(13, text(1, key) + text(2, value));
}

/// A TensorProto without its data.
std::string weight(std::uint64_t index, bool isExternal)
{
    std::string tensor =
        number(1, kRows) + number(1, kRows) + number(2, 1) + text(8, fmt::format("w{}", index));
    if (isExternal) {
        tensor += externalEntry("location", "weights.bin") +
                  externalEntry("offset", std::to_string(index * kWeightBytes)) +
                  externalEntry("length", std::to_string(kWeightBytes)) + number(14, 1);
    }
    return tensor;
}

std::string nodes()
{
    std::string out = text(2, "chain");
    for (std::uint64_t i = 0; i < kWeights; ++i) {
        out += text(1, text(1, fmt::format("x{}", i)) + text(1, fmt::format("w{}", i)) +
                           text(2, fmt::format("x{}", i + 1)) + text(3, fmt::format("n{}", i)) +
                           text(4, "MatMul"));
    }
    return out + text(11, valueInfo("x0")) + text(12, valueInfo(fmt::format("x{}", kWeights)));
}

/// A chain of MatMul. Weights are holes in the file: full size, no space on the disk.
void writeModel(const std::filesystem::path &path, bool isExternal)
{
    const std::uint64_t hole = isExternal ? 0 : kWeightBytes;
    const std::string rawHeader = isExternal ? "" : header(9, kWeightBytes);
    std::string graph = nodes();
    std::uint64_t graphSize = graph.size();
    std::vector<std::string> weights;
    for (std::uint64_t i = 0; i < kWeights; ++i) {
        const std::string tensor = weight(i, isExternal) + rawHeader;
        weights.push_back(header(5, tensor.size() + hole) + tensor);
        graphSize += weights.back().size() + hole;
    }
    std::ofstream file(path, std::ios::binary);
    file << number(1, 8) << text(8, number(2, 17)) << header(7, graphSize) << graph;
    for (const std::string &one : weights) {
        file << one;
        file.seekp(static_cast<std::streamoff>(hole), std::ios::cur);
    }
    const auto size = static_cast<std::uint64_t>(file.tellp());
    file.close();
    std::filesystem::resize_file(path, size);
}

} // namespace

void onnxBench(BenchReport &out)
{
    const std::filesystem::path folder = std::filesystem::path(SYNCPOINT_BENCH_DATA) / "onnx";
    std::filesystem::create_directories(folder);
    writeModel(folder / "embedded.onnx", false);
    reportOpening(out, "1.9 GB ONNX, weights embedded", folder / "embedded.onnx");
    writeModel(folder / "external.onnx", true);
    std::ofstream(folder / "weights.bin").close();
    std::filesystem::resize_file(folder / "weights.bin", kWeights * kWeightBytes);
    reportOpening(out, "1.9 GB ONNX, external data", folder / "external.onnx");
    std::filesystem::remove_all(folder);
}

} // namespace syncpoint::bench
