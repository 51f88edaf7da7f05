#include "tests/bench/benches.h"
#include "tests/bench/hollow_zip.h"
#include "tests/bench/model_opening.h"

#include <fmt/format.h>
#include <fstream>
#include <program_generated.h>

namespace syncpoint::bench {
namespace {

namespace et = executorch;

constexpr std::uint32_t kWeights = 16;
constexpr std::int32_t kRows = 4096; // kRows² float32 = 64 MiB
constexpr std::uint64_t kWeightBytes = std::uint64_t{kRows} * kRows * 4;
constexpr std::int8_t kFloat = 6;
constexpr std::uint64_t kHeaderBytes = 24;
constexpr std::uint64_t kSegmentAlignment = 4096;

class Program
{
public:
    /// A chain of products; its weights lie in one segment behind the program.
    std::string make()
    {
        std::vector<std::uint64_t> offsets{0};
        std::int32_t last = tensor({1, kRows}, 0);
        for (std::uint32_t i = 0; i < kWeights; ++i) {
            offsets.push_back(i * kWeightBytes);
            const std::int32_t weight = tensor({kRows, kRows}, i + 1);
            const std::int32_t made = tensor({1, kRows}, 0);
            const std::vector<std::int32_t> arguments{last, weight, made, made};
            const auto call = et::CreateKernelCall(m_out, 0, m_out.CreateVector(arguments));
            m_calls.push_back(
                et::CreateInstruction(m_out, et::InstructionArguments_KernelCall, call.Union()));
            last = made;
        }
        const auto op =
            et::CreateOperator(m_out, m_out.CreateString("aten::mm"), m_out.CreateString("out"));
        const auto chain = et::CreateChain(m_out, 0, 0, m_out.CreateVector(m_calls));
        const auto plan = et::CreateExecutionPlan(
            m_out, m_out.CreateString("forward"), 0, m_out.CreateVector(m_values),
            m_out.CreateVector(std::vector<std::int32_t>{0}),
            m_out.CreateVector(std::vector<std::int32_t>{last}), m_out.CreateVector(&chain, 1),
            m_out.CreateVector(&op, 1));
        const auto segment = et::CreateDataSegment(m_out, 0, kWeights * kWeightBytes);
        const auto constants = et::CreateSubsegmentOffsets(m_out, 0, m_out.CreateVector(offsets));
        et::FinishProgramBuffer(m_out,
                                et::CreateProgram(m_out, 0, m_out.CreateVector(&plan, 1), 0, 0,
                                                  m_out.CreateVector(&segment, 1), constants));
        return withHeader();
    }

private:
    std::int32_t tensor(std::vector<std::int32_t> shape, std::uint32_t data)
    {
        const auto sizes = m_out.CreateVector(shape);
        const auto order = m_out.CreateVector(std::vector<std::uint8_t>{0, 1});
        et::TensorBuilder builder(m_out);
        builder.add_scalar_type(kFloat);
        builder.add_sizes(sizes);
        builder.add_dim_order(order);
        builder.add_data_buffer_idx(data);
        m_values.push_back(
            et::CreateEValue(m_out, et::KernelTypes_Tensor, builder.Finish().Union()));
        return static_cast<std::int32_t>(m_values.size() - 1);
    }

    /// The extended header stands between the identifier and the tables, and says where the
    /// segments start: at the end of what is returned.
    std::string withHeader() const
    {
        std::string bytes(reinterpret_cast<const char *>(m_out.GetBufferPointer()),
                          m_out.GetSize());
        const std::uint64_t programBytes = bytes.size() + kHeaderBytes;
        const std::uint64_t base =
            (programBytes + kSegmentAlignment - 1) / kSegmentAlignment * kSegmentAlignment;
        const auto root = flatbuffers::ReadScalar<std::uint32_t>(bytes.data());
        bytes.replace(0, 4, little(root + kHeaderBytes, 4));
        bytes.insert(8,
                     "eh00" + little(kHeaderBytes, 4) + little(programBytes, 8) + little(base, 8));
        bytes.resize(base);
        return bytes;
    }

    flatbuffers::FlatBufferBuilder m_out;
    std::vector<flatbuffers::Offset<et::EValue>> m_values;
    std::vector<flatbuffers::Offset<et::Instruction>> m_calls;
};

} // namespace

void executorchBench(BenchReport &out)
{
    const std::filesystem::path folder = std::filesystem::path(SYNCPOINT_BENCH_DATA) / "executorch";
    std::filesystem::create_directories(folder);
    const auto path = folder / "large.pte";
    const std::string program = Program().make();
    std::ofstream(path, std::ios::binary) << program;
    std::filesystem::resize_file(path, program.size() + kWeights * kWeightBytes);
    reportOpening(out, "1 GB ExecuTorch program", path);
    std::filesystem::remove_all(folder);
}

} // namespace syncpoint::bench
