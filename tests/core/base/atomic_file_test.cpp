#include "core/base/atomic_file.h"

#include "tests/core/formats/test_files.h"

#include <gtest/gtest.h>

namespace syncpoint::test {

namespace {
std::ptrdiff_t fileCount(const TemporaryFolder &folder)
{
    const std::filesystem::directory_iterator files(folder.path());
    return std::distance(begin(files), end(files));
}
} // namespace

TEST(AtomicFileTest, AppearsOnlyWithCommit)
{
    const TemporaryFolder folder;
    auto file = AtomicFile::create(folder / "report.json");
    ASSERT_TRUE(file);
    writeFile(file->temporaryPath(), "done");
    EXPECT_FALSE(std::filesystem::exists(folder / "report.json"));

    ASSERT_TRUE(file->commit());
    EXPECT_EQ(readFile(folder / "report.json"), "done");
    EXPECT_EQ(fileCount(folder), 1);
}

TEST(AtomicFileTest, LeavesNothingBehindWithoutCommit)
{
    const TemporaryFolder folder;
    writeFile(folder / "report.json", "old");
    {
        auto file = AtomicFile::create(folder / "report.json");
        ASSERT_TRUE(file);
        writeFile(file->temporaryPath(), "half");
    }
    EXPECT_EQ(readFile(folder / "report.json"), "old");
    EXPECT_EQ(fileCount(folder), 1);
}

TEST(AtomicFileTest, NamesTheFileThatCannotBeWritten)
{
    const TemporaryFolder folder;
    const auto file = AtomicFile::create(folder / "missing/report.json");
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::Io);
    EXPECT_NE(file.error().message.find("missing/report.json"), std::string::npos);
}

TEST(AtomicFileTest, RefusesToReplaceAFolder)
{
    const TemporaryFolder folder;
    EXPECT_FALSE(AtomicFile::create(folder.path()));
}

TEST(AtomicFileTest, WritesTextWhole)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(writeFileAtomically(folder / "a.txt", "first"));
    ASSERT_TRUE(writeFileAtomically(folder / "a.txt", "second"));
    EXPECT_EQ(readFile(folder / "a.txt"), "second");
    EXPECT_FALSE(writeFileAtomically(folder / "no/a.txt", "third"));
}

TEST(AtomicStreamTest, PiecesAppearTogetherOrNotAtAll)
{
    const TemporaryFolder folder;
    {
        auto stream = AtomicStream::create(folder / "a.bin");
        ASSERT_TRUE(stream);
        stream->write("half");
    }
    EXPECT_EQ(fileCount(folder), 0);
    auto stream = AtomicStream::create(folder / "a.bin");
    ASSERT_TRUE(stream);
    stream->write("one ");
    stream->write("two");
    ASSERT_TRUE(stream->commit());
    EXPECT_EQ(readFile(folder / "a.bin"), "one two");
    EXPECT_EQ(fileCount(folder), 1);
}

TEST(AtomicFolderTest, AppearsOnlyWithCommitAndNeverOverOthers)
{
    const TemporaryFolder folder;
    {
        auto half = AtomicFolder::create(folder / "data");
        ASSERT_TRUE(half);
        writeFile(half->path() / "a.txt", "half");
    }
    EXPECT_EQ(fileCount(folder), 0);
    std::filesystem::create_directory(folder / "data");
    auto whole = AtomicFolder::create(folder / "data/"); // an empty one may be there
    ASSERT_TRUE(whole);
    writeFile(whole->path() / "a.txt", "whole");
    ASSERT_TRUE(whole->commit());
    EXPECT_EQ(readFile(folder / "data/a.txt"), "whole");
    EXPECT_EQ(fileCount(folder), 1);

    const auto other = AtomicFolder::create(folder / "data");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::Io);
}

} // namespace syncpoint::test
