#include "tests/bench/benches.h"
#include "tests/bench/model_opening.h"

#include <fmt/format.h>
#include <fstream>

namespace syncpoint::bench {
namespace {

constexpr std::uint64_t kRows = 8192;
constexpr std::uint64_t kElements = kRows * kRows;
constexpr std::uint64_t kAlignment = 64;
constexpr std::uint32_t kHalf = 1, kByte = 3; // element types of the blob format

/// A weight file with holes for the data: full size, no space on the disk.
class SparseWeights
{
public:
    explicit SparseWeights(const std::filesystem::path &path) : m_file(path, std::ios::binary)
    {
        write<std::uint32_t>({0, 2});
    }
    /// The program's text for a blob of so many bytes.
    std::string add(std::uint32_t type, std::uint64_t size)
    {
        const std::uint64_t offset = m_next;
        m_file.seekp(static_cast<std::streamoff>(offset));
        write<std::uint32_t>({0xDEADBEEF, type});
        write<std::uint64_t>({size, offset + kAlignment});
        m_next = offset + kAlignment + (size + kAlignment - 1) / kAlignment * kAlignment;
        return fmt::format("BLOBFILE(path = string(\"@model_path/weights/weight.bin\"), "
                           "offset = uint64({}))",
                           offset);
    }
    std::uint64_t size() const { return m_next; }

private:
    template <typename Number>
    void write(std::initializer_list<Number> numbers)
    {
        for (const Number number : numbers) {
            m_file.write(reinterpret_cast<const char *>(&number), sizeof number);
        }
    }

    std::ofstream m_file;
    std::uint64_t m_next = kAlignment;
};

std::string halfWeight(SparseWeights &weights)
{
    return fmt::format("const()[val = tensor<fp16, [{0}, {0}]>({1})]", kRows,
                       weights.add(kHalf, kElements * 2));
}

std::string paletteWeight(SparseWeights &weights)
{
    const std::string indices = weights.add(kByte, kElements / 2);
    return fmt::format("constexpr_lut_to_dense()[indices = tensor<uint8, [{0}]>({1}), lut = "
                       "tensor<fp16, [16]>({2}), shape = tensor<uint32, [2]>([{3}, {3}])]",
                       kElements / 2, indices, weights.add(kHalf, 32), kRows);
}

/// A chain of `layers` linear ops.
void measure(BenchReport &out, const std::string &name, int layers,
             std::string (*weight)(SparseWeights &))
{
    const std::filesystem::path folder =
        std::filesystem::path(SYNCPOINT_BENCH_DATA) / "chain.mlmodelc";
    std::filesystem::create_directories(folder / "weights");
    std::uint64_t size = 0;
    {
        SparseWeights weights(folder / "weights" / "weight.bin");
        std::ofstream program(folder / "model.mil");
        program << fmt::format("program(1.0) {{ func main<ios16>(tensor<fp16, [1, {}]> x0) {{\n",
                               kRows);
        for (int i = 0; i < layers; ++i) {
            program << fmt::format("tensor<fp16, [{0}, {0}]> w{1} = {2};\n"
                                   "tensor<fp16, [1, {0}]> x{3} = linear(weight = w{1}, x = x{1})"
                                   "[name = string(\"x{3}\")];\n",
                                   kRows, i, weight(weights), i + 1);
        }
        program << fmt::format("}} -> (x{}); }}\n", layers);
        size = weights.size();
    }
    std::filesystem::resize_file(folder / "weights" / "weight.bin", size);
    reportOpening(out, name, folder);
    std::filesystem::remove_all(folder);
}

} // namespace

void coremlBench(BenchReport &out)
{
    measure(out, "1 GB Core ML, float16", 8, halfWeight);
    measure(out, "1 GB Core ML, 4-bit palettes", 32, paletteWeight);
}

} // namespace syncpoint::bench
