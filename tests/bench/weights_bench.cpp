#include "tests/bench/benches.h"
#include "tests/bench/hollow_zip.h"
#include "tests/bench/model_opening.h"
#include "tests/core/formats/pytorch/pickle_writer.h"

#include <fmt/format.h>
#include <fstream>

namespace syncpoint::bench {
namespace {

constexpr std::uint64_t kWeights = 16;
constexpr std::uint64_t kRows = 4096; // kRows² float32 = 64 MiB
constexpr std::uint64_t kWeightBytes = kRows * kRows * 4;
constexpr std::uint64_t kOpsPerWeight = 125;

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
        zip.add(fmt::format("m/data/weights/weight_{}", i), "", kWeightBytes);
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

/// A state dict as torch.save() writes it.
void writeStateDict(const std::filesystem::path &path)
{
    constexpr auto kEdge = static_cast<std::uint32_t>(kRows);
    std::string items;
    for (std::uint64_t i = 0; i < kWeights; ++i) {
        const std::string storage =
            test::pickleStorage("FloatStorage", std::to_string(i), kEdge * kEdge);
        items +=
            test::pickleText(fmt::format("layers.{}.weight", i)) +
            test::pickleTensor(storage, 0, test::pickleNumber(kEdge) + test::pickleNumber(kEdge),
                               test::pickleNumber(kEdge) + test::pickleNumber(1));
    }
    HollowZip zip(path);
    zip.add("m/data.pkl", test::pickle(test::pickleDict(items)));
    zip.add("m/byteorder", "little");
    for (std::uint64_t i = 0; i < kWeights; ++i) {
        zip.add(fmt::format("m/data/{}", i), "", kWeightBytes);
    }
    zip.add("m/version", "3\n");
    zip.close();
}

void writeGguf(const std::filesystem::path &path)
{
    constexpr std::uint64_t kAlignment = 32;
    std::string header = "GGUF" + little(3, 4) + little(kWeights, 8) + little(0, 8);
    for (std::uint64_t i = 0; i < kWeights; ++i) {
        const std::string name = fmt::format("blk.{}.ffn_up.weight", i);
        header += little(name.size(), 8) + name + little(2, 4) + little(kRows, 8) +
                  little(kRows, 8) + little(0, 4) + little(i * kWeightBytes, 8);
    }
    header.resize((header.size() + kAlignment - 1) / kAlignment * kAlignment);
    std::ofstream(path, std::ios::binary) << header;
    std::filesystem::resize_file(path, header.size() + kWeights * kWeightBytes);
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
    writeStateDict(folder / "model.pt");
    reportOpening(out, "1 GB state dict (.pt)", folder / "model.pt");
    writeGguf(folder / "model.gguf");
    reportOpening(out, "1 GB .gguf", folder / "model.gguf");
    std::filesystem::remove_all(folder);
}

} // namespace syncpoint::bench
