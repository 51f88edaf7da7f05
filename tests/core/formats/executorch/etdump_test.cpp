#include "core/formats/executorch/etdump_loader.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"

#include <etdump_generated.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {
/// No public sample has tensors: this one is written here. Instruction 3 makes two floats at byte 8
/// of the debug buffer.
std::string dumpWithTensor(std::int64_t offset)
{
    flatbuffers::FlatBufferBuilder out;
    const auto sizes = out.CreateVector(std::vector<std::int64_t>{2, 1});
    const auto strides = out.CreateVector(std::vector<std::int64_t>{1, 2});
    const auto tensor = etdump::CreateTensor(out, 6, sizes, strides, offset);
    const auto isOutput = etdump::CreateBool(out, true);
    const auto value = etdump::CreateValue(out, 5, tensor, 0, 0, 0, 0, 0, isOutput);
    const auto debug = etdump::CreateDebugEvent(out, 0, 3, value);
    const auto event = etdump::CreateEvent(out, 0, 0, debug);
    const auto run =
        etdump::CreateRunData(out, out.CreateString("Execute"), 0, 0, out.CreateVector(&event, 1));
    etdump::FinishSizePrefixedETDumpBuffer(out,
                                           etdump::CreateETDump(out, 0, out.CreateVector(&run, 1)));
    return {reinterpret_cast<const char *>(out.GetBufferPointer()), out.GetSize()};
}
const std::string kBuffer("\0\0\0\0\0\0\0\0\0\0\x80\x3F\0\0\0\x40", 16); // 1 and 2 at byte 8

std::shared_ptr<const TensorDump> loaded(const std::filesystem::path &path)
{
    auto dump = makeEtDumpLoader()->load(path, JobContext());
    EXPECT_TRUE(dump) << (dump ? "" : dump.error().message);
    return dump ? *dump : nullptr;
}
} // namespace

TEST(EtDumpTest, TimesBelongToInstructions)
{
    const auto dump = loaded(dataFile("executorch/etdump.etdp"));
    ASSERT_TRUE(dump);
    ASSERT_TRUE(dump->profile);
    const auto &first = dump->profile->nodes.at("instruction_0");
    EXPECT_DOUBLE_EQ(first.microseconds, 546.816);
    EXPECT_EQ(first.runs, 1U);
    EXPECT_TRUE(dump->samples.empty());
}

TEST(EtDumpTest, TensorsLieInTheBufferBesideIt)
{
    const TemporaryFolder folder;
    writeFile(folder / "run.etdp", dumpWithTensor(8));
    writeFile(folder / "run.bin", kBuffer);
    const auto dump = loaded(folder / "run.etdp");
    ASSERT_TRUE(dump);
    ASSERT_EQ(dump->samples.size(), 1U);
    const auto entries = dump->samples[0]->entries();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].name, "instruction_3");
    EXPECT_EQ(entries[0].kind, TensorEntry::Kind::Output);
    EXPECT_EQ(entries[0].info.shape, (Shape{2, 1}));
    const auto tensor = dump->samples[0]->read(TensorId{0});
    ASSERT_TRUE(tensor);
    EXPECT_THAT(decodeAll(tensor->view()).value(), ElementsAre(1.0F, 2.0F));
}

TEST(EtDumpTest, MissingAndShortBuffersAreNoted)
{
    const TemporaryFolder folder;
    writeFile(folder / "run.etdp", dumpWithTensor(8));
    auto dump = loaded(folder / "run.etdp");
    ASSERT_TRUE(dump);
    ASSERT_EQ(dump->diagnostics.size(), 1U);
    EXPECT_THAT(dump->diagnostics[0].text, HasSubstr("run.bin or debug_output.bin"));
    writeFile(folder / "debug_output.bin", kBuffer.substr(0, 10));
    dump = loaded(folder / "run.etdp");
    ASSERT_TRUE(dump);
    ASSERT_EQ(dump->diagnostics.size(), 1U);
    EXPECT_EQ(dump->diagnostics[0].where, "instruction_3");
}

} // namespace syncpoint::test
