#include "core/formats/executorch/etdump_loader.h"
#include "tests/core/formats/executorch/pte_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::HasSubstr;

namespace {
/// How many of 2000 copies with damage in the first `tables` bytes load all the same.
template <typename Loader>
int loadedOfDamaged(const Loader &loader, const std::string &whole, std::size_t tables)
{
    std::mt19937 random(1);
    const TemporaryFolder folder;
    int loaded = 0;
    for (int i = 0; i < 2000; ++i) {
        // Writing one file over and over makes some file systems wait for the disk.
        const auto path = folder / std::to_string(i);
        writeFile(path, damaged(whole.substr(0, tables), random, 1 + i % 5) + whole.substr(tables));
        loaded += loader.load(path, JobContext()) ? 1 : 0;
        std::filesystem::remove(path);
    }
    return loaded;
}

template <typename Loader>
void expectErrorsForTruncations(const Loader &loader, const std::string &whole)
{
    const TemporaryFolder folder;
    for (std::size_t part = 0; part < 200; ++part) {
        const auto path = folder / std::to_string(part);
        writeFile(path, whole.substr(0, whole.size() * part / 200));
        const auto loaded = loader.load(path, JobContext());
        ASSERT_FALSE(loaded);
        EXPECT_EQ(loaded.error().code, ErrorCode::BadFormat);
        EXPECT_FALSE(loaded.error().message.empty());
    }
}
} // namespace

TEST(DamagedPteTest, TruncationsAreErrors)
{
    expectErrorsForTruncations(*makePteLoader(),
                               readFile(dataFile("executorch/keyword_spotting.pte")));
}

TEST(DamagedPteTest, RandomDamageNeverCrashes)
{
    constexpr std::size_t kTables = 0x3A38; // the constants behind them can hold anything
    const std::string whole = readFile(dataFile("executorch/keyword_spotting.pte"));
    EXPECT_GT(loadedOfDamaged(*makePteLoader(), whole, kTables), 200);
}

TEST(DamagedPteTest, DamagedEventDumpsAreErrorsOrLoads)
{
    const std::string whole = readFile(dataFile("executorch/etdump.etdp"));
    expectErrorsForTruncations(*makeEtDumpLoader(), whole);
    EXPECT_GT(loadedOfDamaged(*makeEtDumpLoader(), whole, whole.size()), 100);
}

TEST(DamagedPteTest, OtherFilesAreNotPrograms)
{
    for (const std::string &content :
         {std::string("text"), std::string(100, '\0'), std::string("PK\x03\x04 and so on")}) {
        const auto graph = loadPteBytes(content);
        ASSERT_FALSE(graph);
        EXPECT_EQ(graph.error().code, ErrorCode::BadFormat);
        EXPECT_THAT(graph.error().message, HasSubstr("not an ExecuTorch program"));
    }
    EXPECT_EQ(loadPte("/nonexistent/a.pte").error().code, ErrorCode::Io);
}

TEST(DamagedPteTest, ProbesByContentAndByName)
{
    const TemporaryFolder folder;
    writeFile(folder / "a.bin", readFile(dataFile("executorch/keyword_spotting.pte")));
    writeFile(folder / "b.bin", readFile(dataFile("executorch/etdump.etdp")));
    writeFile(folder / "c.pte", "text");
    const auto programs = makePteLoader();
    const auto events = makeEtDumpLoader();
    EXPECT_EQ(programs->probe(*FileProbe::of(folder / "a.bin")), ProbeAnswer::Yes);
    EXPECT_EQ(programs->probe(*FileProbe::of(folder / "b.bin")), ProbeAnswer::No);
    EXPECT_EQ(programs->probe(*FileProbe::of(folder / "c.pte")), ProbeAnswer::Maybe);
    EXPECT_EQ(events->probe(*FileProbe::of(folder / "a.bin")), ProbeAnswer::No);
    EXPECT_EQ(events->probe(*FileProbe::of(folder / "b.bin")), ProbeAnswer::Yes);
}

} // namespace syncpoint::test
