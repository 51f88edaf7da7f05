#include "core/formats/hdf5/hdf5_loader.h"

#include "core/formats/registry.h"
#include "tests/core/formats/test_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using testing::HasSubstr;

/// Loads and reads all there is; returns how many tensors came out.
std::size_t readEverything(const std::filesystem::path &path)
{
    const auto dump = makeHdf5Loader()->load(path, {});
    if (!dump) {
        EXPECT_FALSE(dump.error().message.empty());
        return 0;
    }
    std::size_t tensors = 0;
    for (const auto &store : (*dump)->samples) {
        for (std::size_t i = 0; i < store->entries().size(); ++i) {
            const auto tensor = store->read(TensorId{i});
            tensors += tensor ? 1U : 0U;
        }
    }
    return tensors;
}

class Hdf5DamageTest : public testing::TestWithParam<std::string>
{
};

INSTANTIATE_TEST_SUITE_P(Files, Hdf5DamageTest,
                         testing::Values("contiguous.h5", "gzip.h5", "foreign.h5", "chunks.h5",
                                         "chunks-1.10.h5"));

TEST_P(Hdf5DamageTest, ACutFileIsOneClearError)
{
    const test::TemporaryFolder folder;
    const std::string whole = test::readFile(test::dataFile("dumps/" + GetParam()));
    for (std::size_t size = 0; size < whole.size(); size += whole.size() / 40 + 1) {
        test::writeFile(folder / "cut.h5", whole.substr(0, size));
        const auto dump = makeHdf5Loader()->load(folder / "cut.h5", {});
        ASSERT_FALSE(dump) << size;
        EXPECT_FALSE(dump.error().message.empty());
        if (size > 100) {
            EXPECT_THAT(dump.error().message, HasSubstr("cut off")) << size;
        }
    }
}

TEST_P(Hdf5DamageTest, RandomDamageNeverCrashes)
{
    constexpr int kFiles = 25; // each costs a fork, and some a few seconds until a loop is stopped
    const test::TemporaryFolder folder;
    const std::string whole = test::readFile(test::dataFile("dumps/" + GetParam()));
    std::mt19937 random(42); // NOLINT: the same damage every time
    for (int i = 0; i < kFiles; ++i) {
        test::writeFile(folder / "damaged.h5", test::damaged(whole, random, 1 + i % 20));
        readEverything(folder / "damaged.h5");
    }
}

TEST(Hdf5LoaderTest, AFileThatCrashesTheLibraryIsOneClearSentence)
{
    const test::TemporaryFolder folder;
    std::string bytes = test::readFile(test::dataFile("dumps/contiguous.h5"));
    // The first text of the heap claims more bytes than there is memory to copy them from.
    const std::size_t sizeAt = bytes.find("GCOL") + 24;
    bytes.replace(sizeAt, 8, std::string("\0\0\0\0\xFF\xFF\0\0", 8));
    test::writeFile(folder / "crash.h5", bytes);
    const auto dump = loadDump(folder / "crash.h5", {});
    ASSERT_FALSE(dump);
    EXPECT_EQ(dump.error().code, ErrorCode::BadFormat);
    EXPECT_THAT(dump.error().message, HasSubstr("crash.h5"));
    EXPECT_THAT(dump.error().message, HasSubstr("makes the HDF5 library crash"));
}

TEST(Hdf5LoaderTest, OtherFilesAreNoHdf5)
{
    const test::TemporaryFolder folder;
    test::writeFile(folder / "text.h5", "this is not what the name says");
    const auto dump = makeHdf5Loader()->load(folder / "text.h5", {});
    ASSERT_FALSE(dump);
    EXPECT_EQ(dump.error().code, ErrorCode::BadFormat);
    EXPECT_FALSE(makeHdf5Loader()->load(folder / "missing.h5", {}));
    EXPECT_FALSE(makeHdf5Loader()->load(folder.path(), {}));
}

} // namespace
} // namespace syncpoint
