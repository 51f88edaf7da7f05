#include "core/formats/pytorch/pt2_loader.h"
#include "core/formats/pytorch/state_dict_loader.h"
#include "tests/core/formats/test_files.h"

#include <gtest/gtest.h>

namespace syncpoint::test {
namespace {

const std::vector<std::string> kPrograms{"promptseg_decoder.pt2", "promptseg_decoder_archive.pt2",
                                         "promptseg_program.pt2"};

/// Writing over a file makes some file systems wait for the disk.
void writeAnew(const std::filesystem::path &path, const std::string &bytes)
{
    std::filesystem::remove(path);
    writeFile(path, bytes);
}

/// Loads the model or dump and looks at every number of it.
bool loads(const std::filesystem::path &path)
{
    if (path.extension() == ".pt") {
        const auto dump = makeStateDictLoader()->load(path, {});
        EXPECT_TRUE(dump || !dump.error().message.empty());
        return static_cast<bool>(dump);
    }
    const auto graph = makePt2Loader()->load(path, {});
    if (!graph) {
        EXPECT_FALSE(graph.error().message.empty());
        return false;
    }
    std::size_t sum = 0;
    for (const Value &value : (*graph)->values()) {
        for (const std::byte byte : value.constant ? value.constant->bytes().subspan(0, 1)
                                                   : std::span<const std::byte>{}) {
            sum += std::to_integer<std::size_t>(byte);
        }
    }
    return sum + 1 > 0;
}

TEST(Pt2DamageTest, EveryTruncationIsAnErrorOrALoad)
{
    const TemporaryFolder folder;
    for (const std::string &name : kPrograms) {
        const std::string whole = readFile(dataFile("pytorch/" + name));
        for (std::size_t part = 0; part < 70; ++part) {
            writeAnew(folder / "a.pt2", whole.substr(0, whole.size() * part / 70));
            EXPECT_FALSE(loads(folder / "a.pt2")) << name << ' ' << part;
        }
    }
}

TEST(Pt2DamageTest, RandomDamageIsReadOrRefused)
{
    std::mt19937 random(11);
    const TemporaryFolder folder;
    int loaded = 0;
    for (const std::string &name : kPrograms) {
        const std::string whole = readFile(dataFile("pytorch/" + name));
        for (int i = 0; i < 700; ++i) {
            writeAnew(folder / "a.pt2", damaged(whole, random, 1 + i % 5));
            loaded += loads(folder / "a.pt2") ? 1 : 0;
        }
    }
    EXPECT_GT(loaded, 100); // many a flip hits weights or names only
}

/// Most bytes of a program are weights and names: the pickle and the directory get their share.
TEST(Pt2DamageTest, DamagedStateDictsAreReadOrRefused)
{
    std::mt19937 random(12);
    const TemporaryFolder folder;
    const std::string whole = readFile(dataFile("pytorch/promptseg_decoder.pt"));
    for (std::size_t part = 0; part < 200; ++part) {
        writeAnew(folder / "a.pt", whole.substr(0, whole.size() * part / 200));
        EXPECT_FALSE(loads(folder / "a.pt"));
    }
    int loaded = 0;
    for (int i = 0; i < 2000; ++i) {
        writeAnew(folder / "a.pt", damaged(whole, random, 1 + i % 5));
        loaded += loads(folder / "a.pt") ? 1 : 0;
    }
    EXPECT_GT(loaded, 100);
}

} // namespace
} // namespace syncpoint::test
