#include "tests/bench/benches.h"
#include "tests/bench/model_opening.h"

#include <fmt/format.h>
#include <fstream>

namespace syncpoint::bench {
namespace {

constexpr std::uint64_t kWeights = 256;
constexpr std::uint64_t kRows = 1024; // kRows² float32 = 4 MiB
constexpr std::uint64_t kWeightBytes = kRows * kRows * 4;
constexpr std::uint64_t kOpsPerWeight = 8;

std::string port(int id, std::uint64_t rows)
{
    return fmt::format(R"(<port id="{}" precision="FP32"><dim>{}</dim><dim>{}</dim></port>)", id,
                       rows, kRows);
}

/// Layers and edges of a <net>, each layer fed by those before it.
class Net
{
public:
    /// Its number; `from` are layers, whose only output each is.
    std::uint64_t add(const std::string &type, const std::string &data, std::uint64_t rows,
                      const std::vector<std::uint64_t> &from)
    {
        const std::uint64_t id = m_count++;
        std::string inputs;
        for (std::size_t i = 0; i < from.size(); ++i) {
            inputs += port(static_cast<int>(i), i == 0 ? 1 : kRows);
            m_edges +=
                fmt::format(R"(<edge from-layer="{}" from-port="9" to-layer="{}" to-port="{}"/>)",
                            from[i], id, i);
        }
        m_layers += fmt::format(
            R"(<layer id="{}" name="{}_{}" type="{}" version="opset1">{}<input>{}</input><output>{}</output></layer>)",
            id, type, id, type, data, inputs, port(9, rows));
        return id;
    }
    std::string text() const
    {
        return R"(<?xml version="1.0"?><net name="large" version="11"><layers>)" + m_layers +
               "</layers><edges>" + m_edges + "</edges></net>";
    }

private:
    std::uint64_t m_count = 0;
    std::string m_layers;
    std::string m_edges;
};

/// A chain of products, each followed by small ops. The weights are a hole in their file.
void writeModel(const std::filesystem::path &path)
{
    Net net;
    std::uint64_t last = net.add("Parameter", "", 1, {});
    for (std::uint64_t i = 0; i < kWeights; ++i) {
        const auto weight = net.add(
            "Const",
            fmt::format(R"(<data element_type="f32" shape="{0}, {0}" offset="{1}" size="{2}"/>)",
                        kRows, i * kWeightBytes, kWeightBytes),
            kRows, {});
        last = net.add("MatMul", "", 1, {last, weight});
        for (std::uint64_t k = 1; k < kOpsPerWeight; ++k) {
            last = net.add("ReLU", "", 1, {last});
        }
    }
    std::ofstream(path, std::ios::binary) << net.text();
    auto weights = path;
    weights.replace_extension(".bin");
    std::ofstream(weights, std::ios::binary).flush();
    std::filesystem::resize_file(weights, kWeights * kWeightBytes);
}

} // namespace

void openvinoBench(BenchReport &out)
{
    const std::filesystem::path folder = std::filesystem::path(SYNCPOINT_BENCH_DATA) / "openvino";
    std::filesystem::create_directories(folder);
    writeModel(folder / "large.xml");
    reportOpening(out, "1 GB OpenVINO model of 2048 ops", folder / "large.xml");
    std::filesystem::remove_all(folder);
}

} // namespace syncpoint::bench
