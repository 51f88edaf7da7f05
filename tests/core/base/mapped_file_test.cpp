#include "core/base/mapped_file.h"

#include "core/base/byte_reader.h"
#include "tests/core/formats/test_files.h"

#include <gtest/gtest.h>

namespace syncpoint::test {

TEST(MappedFileTest, ShowsTheBytesOfTheFile)
{
    const TemporaryFolder folder;
    writeFile(folder / "a", "hello");
    const auto file = MappedFile::open(folder / "a");
    ASSERT_TRUE(file);
    EXPECT_EQ(asText((*file)->bytes()), "hello");
    EXPECT_EQ((*file)->path(), folder / "a");
}

TEST(MappedFileTest, AnEmptyFileHasNoBytes)
{
    const TemporaryFolder folder;
    writeFile(folder / "a", "");
    const auto file = MappedFile::open(folder / "a");
    ASSERT_TRUE(file);
    EXPECT_TRUE((*file)->bytes().empty());
}

TEST(MappedFileTest, ReleasedPagesAreReadAgain)
{
    const TemporaryFolder folder;
    writeFile(folder / "a", std::string(100'000, 'x'));
    const auto file = MappedFile::open(folder / "a");
    ASSERT_TRUE(file);
    (*file)->release((*file)->bytes().subspan(5, 90'000));
    (*file)->release((*file)->bytes().subspan(0, 0));
    EXPECT_EQ(asText((*file)->bytes()), std::string(100'000, 'x'));
}

TEST(MappedFileTest, RefusesWhatIsNotARegularFile)
{
    const TemporaryFolder folder;
    EXPECT_FALSE(MappedFile::open(folder.path()));
    EXPECT_FALSE(MappedFile::open(folder / "missing"));
    EXPECT_FALSE(MappedFile::open("/dev/null"));
}

} // namespace syncpoint::test
