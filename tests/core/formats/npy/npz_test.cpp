#include "core/formats/npy/npz_loader.h"
#include "core/formats/zip/zip_archive.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/npy/npy_bytes.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/formats/zip_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using test::npyBytes;
using test::npyHeaderText;
using test::rawBytes;
using test::writeZip;
using testing::ElementsAre;
using testing::HasSubstr;

std::string floatArray(std::size_t count)
{
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = static_cast<float>(i * i % 1013);
    }
    return npyBytes(npyHeaderText("<f4", "(" + std::to_string(count) + ",)"), rawBytes(values));
}

TEST(NpzLoaderTest, StoredAndDeflatedMembersGiveTheSame)
{
    const test::TemporaryFolder folder;
    writeZip(folder / "a.npz", {{"stored/x.npy", floatArray(5000), false},
                                {"packed.npy", floatArray(5000), true},
                                {"readme.txt", "text", false}});
    const auto dump = makeNpzLoader()->load(folder / "a.npz", {});
    ASSERT_TRUE(dump) << dump.error().message;
    const TensorStore &store = *(*dump)->samples.front();
    ASSERT_EQ(store.entries().size(), 2U);
    const auto stored = store.find("stored/x");
    const auto packed = store.find("packed");
    ASSERT_TRUE(stored && packed);
    EXPECT_EQ(*decodeAll(store.read(*stored)->view()), *decodeAll(store.read(*packed)->view()));
    EXPECT_EQ(store.read(*stored)->bytes().data(), store.read(*stored)->bytes().data()); // mapped
    for (const TensorId id : {*stored, *packed}) {
        const auto range = store.readRange(id, 4000, 2);
        ASSERT_TRUE(range);
        EXPECT_THAT(*decodeAll(range->view()), ElementsAre(4000 * 4000 % 1013, 4001 * 4001 % 1013));
        store.release(id, 0, 5000);
        EXPECT_TRUE(store.read(id));
    }
    ASSERT_EQ((*dump)->diagnostics.size(), 1U);
    EXPECT_EQ((*dump)->diagnostics.front().where, "readme.txt");
}

TEST(NpzLoaderTest, ReadsWhatNumpyWrote)
{
    const auto path = test::dataFile("../../examples/promptseg/inputs.npz");
    const auto dump = makeNpzLoader()->load(path, {});
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_TRUE((*dump)->diagnostics.empty());
    for (const auto &entry : (*dump)->samples.front()->entries()) {
        EXPECT_TRUE((*dump)->samples.front()->read(*(*dump)->samples.front()->find(entry.name)));
    }
}

TEST(NpzLoaderTest, PicklesAndCutArraysAreDiagnosticsOfTheirOwn)
{
    const test::TemporaryFolder folder;
    writeZip(folder / "a.npz", {{"object.npy", npyBytes(npyHeaderText("|O", "(1,)"), "x"), true},
                                {"cut.npy", npyBytes(npyHeaderText("<f4", "(9,)"), "x"), true},
                                {"good.npy", floatArray(3), true}});
    const auto dump = makeNpzLoader()->load(folder / "a.npz", {});
    ASSERT_TRUE(dump);
    EXPECT_EQ((*dump)->samples.front()->entries().size(), 1U);
    ASSERT_EQ((*dump)->diagnostics.size(), 2U);
    EXPECT_THAT((*dump)->diagnostics[0].text, HasSubstr("pickles"));
    EXPECT_THAT((*dump)->diagnostics[1].text, HasSubstr("needs 36 bytes"));
}

/// Sets the unpacked size of the only member in its central directory record.
void declareSize(std::string &archive, std::uint32_t size)
{
    const std::size_t record = archive.rfind("PK\x01\x02");
    for (const std::size_t at : {record + 24, std::size_t{22}}) { // central and local
        for (std::size_t i = 0; i < 4; ++i) {
            archive[at + i] = static_cast<char>((size >> (8 * i)) & 0xFFU);
        }
    }
}

TEST(NpzLoaderTest, AMemberThatDeclaresAnotherSizeIsRefused)
{
    const test::TemporaryFolder folder;
    const std::string array = floatArray(3000);
    writeZip(folder / "a.npz", {{"x.npy", array, true}});
    std::string bytes = test::readFile(folder / "a.npz");
    for (const std::size_t size : {array.size() + 1, array.size() + 400, std::size_t{0xF0000000}}) {
        declareSize(bytes, static_cast<std::uint32_t>(size));
        test::writeFile(folder / "b.npz", bytes);
        const auto dump = makeNpzLoader()->load(folder / "b.npz", {});
        if (dump) {
            const auto tensor = (*dump)->samples.front()->read(TensorId{0});
            ASSERT_FALSE(tensor) << size;
            EXPECT_THAT(tensor.error().message, HasSubstr("reading 'x' from"));
        }
    }
}

TEST(ZipArchiveTest, ABombIsRefusedByTheAbsoluteLimitAndByTheRatio)
{
    const test::TemporaryFolder folder;
    const std::string zeros(std::size_t{8} << 20U, '\0');
    writeZip(folder / "bomb.zip", {{"x", zeros, true}});
    const auto limited = ZipArchive::open(folder / "bomb.zip", {std::uint64_t{1} << 20U, 10});
    ASSERT_TRUE(limited);
    const auto unpacked = (*limited)->unpack(0);
    ASSERT_FALSE(unpacked);
    EXPECT_EQ(unpacked.error().code, ErrorCode::Limit);

    std::string bytes = test::readFile(folder / "bomb.zip");
    declareSize(bytes, 0xF0000000);
    test::writeFile(folder / "claim.zip", bytes);
    const auto claims = ZipArchive::open(folder / "claim.zip", {});
    ASSERT_TRUE(claims);
    const auto refused = (*claims)->unpack(0);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("claims to unpack"));

    writeZip(folder / "many.zip", {{"a", "1"}, {"b", "2"}, {"c", "3"}});
    EXPECT_FALSE(ZipArchive::open(folder / "many.zip", {1024, 2}));
}

TEST(NpzLoaderTest, AWrongChecksumIsReported)
{
    const test::TemporaryFolder folder;
    writeZip(folder / "a.npz", {{"x.npy", floatArray(3000), true}});
    std::string bytes = test::readFile(folder / "a.npz");
    const std::size_t record = bytes.rfind("PK\x01\x02");
    bytes[record + 16] = static_cast<char>(bytes[record + 16] ^ 1);
    bytes[14] = bytes[record + 16];
    test::writeFile(folder / "a.npz", bytes);
    const auto dump = makeNpzLoader()->load(folder / "a.npz", {});
    ASSERT_TRUE(dump) << dump.error().message;
    const auto tensor = (*dump)->samples.front()->read(TensorId{0});
    ASSERT_FALSE(tensor);
    EXPECT_THAT(tensor.error().message, HasSubstr("CRC"));
}

TEST(NpzLoaderTest, CutAndDamagedArchivesNeverCrash)
{
    const test::TemporaryFolder folder;
    writeZip(folder / "a.npz",
             {{"x.npy", floatArray(300), false}, {"y.npy", floatArray(300), true}});
    const std::string whole = test::readFile(folder / "a.npz");
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        test::writeFile(folder / "b.npz", whole.substr(0, size));
        const auto dump = makeNpzLoader()->load(folder / "b.npz", {});
        ASSERT_FALSE(dump) << size;
        EXPECT_FALSE(dump.error().message.empty());
    }
    std::mt19937 random(3); // NOLINT: the same damage every time
    for (int i = 0; i < 500; ++i) {
        std::string bytes = test::damaged(whole, random, 1 + i % 8);
        if (i % 2 == 0) { // half of them in the directory, where it hurts
            bytes = whole;
            for (int flip = 0; flip < 3; ++flip) {
                bytes[bytes.size() - 1 - random() % 130] = static_cast<char>(random());
            }
        }
        test::writeFile(folder / "b.npz", bytes);
        const auto dump = makeNpzLoader()->load(folder / "b.npz", {});
        if (dump) {
            const TensorStore &store = *(*dump)->samples.front();
            for (std::size_t t = 0; t < store.entries().size(); ++t) {
                static_cast<void>(store.read(TensorId{t}));
            }
        }
    }
}

TEST(NpzLoaderTest, OtherZipsAreNotProbedAsArrays)
{
    const test::TemporaryFolder folder;
    writeZip(folder / "model.pt", {{"archive/data.pkl", "x"}});
    FileProbe probe;
    const std::string bytes = test::readFile(folder / "model.pt");
    for (const char c : bytes) {
        probe.start.push_back(static_cast<std::byte>(c));
    }
    probe.extension = ".pt";
    EXPECT_EQ(makeNpzLoader()->probe(probe), ProbeAnswer::No);
}

} // namespace
} // namespace syncpoint
