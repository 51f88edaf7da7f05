#include "core/media/media_files.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/media/written_media.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

TEST(MediaFilesTest, TellsFilesByTheirFirstBytesNotTheirName)
{
    const test::TemporaryFolder folder;
    writePng(folder / "a.dat", 1, {1, 2, 3});
    writeWav(folder / "b.dat", 1, {1, 2});
    std::ofstream(folder / "c.png") << "no picture";

    const auto picture = findMedia(folder / "a.dat");
    const auto sound = findMedia(folder / "b.dat");
    const auto other = findMedia(folder / "c.png");
    ASSERT_TRUE(picture && sound && other);
    ASSERT_TRUE(*picture && *sound);
    EXPECT_EQ((*picture)->kind, MediaKind::Picture);
    EXPECT_EQ((*sound)->kind, MediaKind::Sound);
    EXPECT_FALSE(*other);
}

TEST(MediaFilesTest, AFolderGivesItsPicturesInTheOrderOfTheirNames)
{
    const test::TemporaryFolder folder;
    writeJpeg(folder / "b.jpg", 1, {1, 2, 3});
    writePng(folder / "a.png", 1, {1, 2, 3});
    std::ofstream(folder / "labels.txt") << "cat";

    const auto found = findMedia(folder.path());
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->files, (std::vector{folder / "a.png", folder / "b.jpg"}));
}

TEST(MediaFilesTest, AFolderOfBothKindsIsAnErrorAndOneOfNeitherIsNothing)
{
    const test::TemporaryFolder folder;
    const auto empty = findMedia(folder.path());
    writePng(folder / "a.png", 1, {1, 2, 3});
    writeWav(folder / "b.wav", 1, {1, 2});
    const auto both = findMedia(folder.path());

    ASSERT_TRUE(empty);
    EXPECT_FALSE(*empty);
    ASSERT_FALSE(both);
    EXPECT_THAT(both.error().message, ::testing::HasSubstr("pictures and sounds"));
}
} // namespace
} // namespace syncpoint
