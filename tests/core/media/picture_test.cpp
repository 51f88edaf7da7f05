#include "core/media/picture.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/media/written_media.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {
using ::testing::HasSubstr;

TEST(PictureTest, PngLevelsAreThoseOfTheFile)
{
    const test::TemporaryFolder folder;
    writePng(folder / "a.png", 2, {1, 2, 3, 250, 0, 255});

    const auto size = pictureSize(folder / "a.png");
    const auto picture = readPicture(folder / "a.png");
    ASSERT_TRUE(size && picture);
    EXPECT_EQ(size->width, 2U);
    EXPECT_EQ(size->height, 1U);
    EXPECT_EQ(picture->rgba, (std::vector<std::uint8_t>{1, 2, 3, 255, 250, 0, 255, 255}));
}

TEST(PictureTest, JpegLevelsAreNearThoseOfThePicture)
{
    const test::TemporaryFolder folder;
    writeJpeg(folder / "a.jpg", 1, {200, 100, 50});

    const auto picture = readPicture(folder / "a.jpg");
    ASSERT_TRUE(picture) << picture.error().message;
    ASSERT_EQ(picture->rgba.size(), 4U);
    EXPECT_NEAR(picture->rgba[0], 200, 3);
    EXPECT_NEAR(picture->rgba[1], 100, 3);
    EXPECT_NEAR(picture->rgba[2], 50, 3);
}

/// A picture that does not compress well, so that cutting it cuts the pixels.
std::vector<std::uint8_t> noise(std::size_t count)
{
    std::vector<std::uint8_t> levels(count);
    unsigned state = 1;
    for (std::uint8_t &level : levels) {
        state = state * 1664525U + 1013904223U;
        level = static_cast<std::uint8_t>(state >> 24U);
    }
    return levels;
}

TEST(PictureTest, ATruncatedPictureIsOneSentenceWithItsFile)
{
    const test::TemporaryFolder folder;
    writePng(folder / "a.png", 32, noise(32 * 32 * 3));
    writeJpeg(folder / "a.jpg", 32, noise(32 * 32 * 3));
    for (const char *name : {"a.png", "a.jpg"}) {
        const auto path = folder / name;
        const auto whole = std::filesystem::file_size(path);
        for (const std::uintmax_t count : {whole * 3 / 4, whole / 2, std::uintmax_t{10}}) {
            std::filesystem::resize_file(path, count);
            const auto picture = readPicture(path);
            ASSERT_FALSE(picture) << name << " cut to " << count;
            EXPECT_THAT(picture.error().message, HasSubstr(name));
            EXPECT_THAT(picture.error().message, HasSubstr("damaged"));
        }
    }
}

TEST(PictureTest, AHugePictureIsRefusedBeforeMemoryIsTaken)
{
    const test::TemporaryFolder folder;
    writePng(folder / "a.png", 1, {1, 2, 3});
    std::fstream file(folder / "a.png", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(16); // the width and height of the header, whose checksum then is wrong
    file.write("\x00\x0f\x42\x40\x00\x0f\x42\x40", 8);
    file.close();

    const auto picture = readPicture(folder / "a.png");
    ASSERT_FALSE(picture);
    EXPECT_THAT(picture.error().message, HasSubstr("a.png"));
}

TEST(PictureTest, DamagedPicturesAreReadOrRefused)
{
    const test::TemporaryFolder folder;
    writePng(folder / "a.png", 16, noise(16 * 16 * 3));
    writeJpeg(folder / "a.jpg", 16, noise(16 * 16 * 3));
    std::mt19937 random(1);
    for (const char *name : {"a.png", "a.jpg"}) {
        const std::string whole = test::readFile(folder / name);
        for (int i = 0; i < 100; ++i) {
            test::writeFile(folder / "damaged", test::damaged(whole, random, 1 + i % 3));
            const auto picture = readPicture(folder / "damaged");
            EXPECT_TRUE(picture || !picture.error().message.empty());
        }
    }
}

TEST(PictureTest, WhatIsNoPictureIsSaid)
{
    const test::TemporaryFolder folder;
    std::ofstream(folder / "a.png") << "hello";

    EXPECT_THAT(readPicture(folder / "a.png").error().message,
                HasSubstr("neither a PNG nor a JPEG"));
    EXPECT_FALSE(readPicture(folder / "missing.png"));
}
} // namespace
} // namespace syncpoint
