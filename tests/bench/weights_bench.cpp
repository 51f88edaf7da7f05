#include "tests/bench/benches.h"
#include "tests/bench/model_opening.h"

#include <fmt/format.h>
#include <fstream>

namespace syncpoint::bench {
namespace {

constexpr std::uint64_t kWeights = 16;
constexpr std::uint64_t kRows = 4096; // kRows² float32 = 64 MiB
constexpr std::uint64_t kWeightBytes = kRows * kRows * 4;
constexpr std::uint64_t kOpsPerWeight = 125;

std::string little(std::uint64_t value, std::size_t bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) {
        out += static_cast<char>(value >> (8 * i));
    }
    return out;
}

/// A zip of stored members, some of which are holes in the file: full size, no space on the disk.
class HollowZip
{
public:
    explicit HollowZip(const std::filesystem::path &path)
        : m_path(path), m_file(path, std::ios::binary)
    {
    }

    void add(const std::string &name, const std::string &text)
    {
        begin(name, text.size());
        m_file << text;
    }
    void addHole(const std::string &name, std::uint64_t size)
    {
        begin(name, size);
        m_file.seekp(static_cast<std::streamoff>(size), std::ios::cur);
    }
    void close()
    {
        const auto start = static_cast<std::uint64_t>(m_file.tellp());
        m_file << m_directory << "PK\5\6" << std::string(4, '\0') << little(m_members, 2)
               << little(m_members, 2) << little(m_directory.size(), 4) << little(start, 4)
               << std::string(2, '\0');
        m_file.close();
    }

private:
    /// What the local header and the directory share: version to size of the extra field.
    static std::string facts(const std::string &name, std::uint64_t size)
    {
        return little(20, 2) + std::string(12, '\0') + little(size, 4) + little(size, 4) +
               little(name.size(), 2) + std::string(2, '\0');
    }
    void begin(const std::string &name, std::uint64_t size)
    {
        const auto start = static_cast<std::uint64_t>(m_file.tellp());
        m_file << "PK\3\4" << facts(name, size) << name;
        m_directory += "PK\1\2" + little(20, 2) + facts(name, size) + std::string(10, '\0') +
                       little(start, 4) + name;
        ++m_members;
    }

    std::filesystem::path m_path;
    std::ofstream m_file;
    std::string m_directory;
    std::uint64_t m_members = 0;
};

std::string meta(std::uint64_t rows)
{
    return fmt::format(
        R"({{"dtype":7,"sizes":[{{"as_int":{0}}},{{"as_int":{1}}}],)"
        R"("strides":[{{"as_int":{1}}},{{"as_int":1}}],"storage_offset":{{"as_int":0}},"layout":7}})",
        rows, kRows);
}

/// A chain of linear ops, each followed by small ones, with the metadata that PyTorch writes.
std::string program()
{
    std::string specs, inputs, nodes, values, last = "x";
    for (std::uint64_t i = 0; i < kWeights; ++i) {
        specs += fmt::format(
            R"({{"parameter":{{"arg":{{"name":"p_{0}"}},"parameter_name":"layers.{0}.weight"}}}},)",
            i);
        inputs += fmt::format(R"({{"as_tensor":{{"name":"p_{}"}}}},)", i);
        values += fmt::format(R"("p_{}":{},)", i, meta(kRows));
        for (std::uint64_t k = 0; k < kOpsPerWeight; ++k) {
            const std::string name = fmt::format("op_{}_{}", i, k);
            const std::string weight =
                k > 0 ? ""
                      : fmt::format(
                            R"(,{{"name":"weight","arg":{{"as_tensor":{{"name":"p_{}"}}}}}})", i);
            nodes += fmt::format(
                R"({{"target":"torch.ops.aten.{}.default","inputs":[{{"name":"input","arg":{{"as_tensor":{{"name":"{}"}}}}}}{}],)"
                R"("outputs":[{{"as_tensor":{{"name":"{}"}}}}],"metadata":{{"stack_trace":"  File \"model.py\", line 40, in forward\n    return self.layers(x)\n  File \"model.py\", line {}, in forward\n    x = op(x)\n",)"
                R"("nn_module_stack":"L__self__,,model.Net;L__self___layers_{},layers.{},model.Layer"}}}},)",
                k > 0 ? "relu" : "linear", last, weight, name, k, i, i);
            values += fmt::format(R"("{}":{},)", name, meta(1));
            last = name;
        }
    }
    nodes.pop_back();
    return fmt::format(
        R"({{"graph_module":{{"graph":{{"inputs":[{}{{"as_tensor":{{"name":"x"}}}}],"outputs":[{{"as_tensor":{{"name":"{}"}}}}],)"
        R"("nodes":[{}],"tensor_values":{{{}"x":{}}}}},"signature":{{"input_specs":[{}{{"user_input":{{"arg":{{"as_tensor":{{"name":"x"}}}}}}}}],)"
        R"("output_specs":[]}}}},"schema_version":{{"major":8,"minor":2}}}})",
        inputs, last, nodes, values, meta(1), specs);
}

void writeProgram(const std::filesystem::path &path)
{
    HollowZip zip(path);
    zip.add("m/archive_format", "pt2");
    zip.add("m/models/model.json", program());
    std::string config;
    for (std::uint64_t i = 0; i < kWeights; ++i) {
        zip.addHole(fmt::format("m/data/weights/weight_{}", i), kWeightBytes);
        config += fmt::format(
            R"({}"layers.{}.weight":{{"path_name":"weight_{}","use_pickle":false,"tensor_meta":{}}})",
            i > 0 ? "," : "", i, i, meta(kRows));
    }
    zip.add("m/data/weights/model_weights_config.json",
            fmt::format(R"({{"config":{{{}}}}})", config));
    zip.close();
}

void writeSafetensors(const std::filesystem::path &path)
{
    std::string header;
    for (std::uint64_t i = 0; i < kWeights; ++i) {
        header += fmt::format(
            R"({}"layers.{}.weight":{{"dtype":"F32","shape":[{},{}],"data_offsets":[{},{}]}})",
            i > 0 ? "," : "{", i, kRows, kRows, i * kWeightBytes, (i + 1) * kWeightBytes);
    }
    header += "}";
    std::ofstream(path, std::ios::binary) << little(header.size(), 8) << header;
    std::filesystem::resize_file(path, 8 + header.size() + kWeights * kWeightBytes);
}

} // namespace

void weightsBench(BenchReport &out)
{
    const std::filesystem::path folder = std::filesystem::path(SYNCPOINT_BENCH_DATA) / "weights";
    std::filesystem::create_directories(folder);
    writeProgram(folder / "model.pt2");
    reportOpening(out, "1 GB .pt2 of 2000 ops", folder / "model.pt2");
    writeSafetensors(folder / "model.safetensors");
    reportOpening(out, "1 GB .safetensors", folder / "model.safetensors");
    std::filesystem::remove_all(folder);
}

} // namespace syncpoint::bench
