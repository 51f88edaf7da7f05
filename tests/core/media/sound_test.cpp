#include "core/media/sound.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/media/written_media.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {
using ::testing::HasSubstr;

TEST(SoundTest, SixteenBitsBecomeNumbersFromMinusOneToOne)
{
    const test::TemporaryFolder folder;
    writeWav(folder / "a.wav", 2, {-32768, 16384, 0, 32767});

    const auto format = soundFormat(folder / "a.wav");
    const auto samples = readSound(folder / "a.wav", 0, 2);
    ASSERT_TRUE(format && samples);
    EXPECT_EQ(format->frames, 2U);
    EXPECT_EQ(format->channels, 2U);
    EXPECT_EQ(format->rate, 16000U);
    EXPECT_EQ(*samples, (std::vector{-1.0F, 0.5F, 0.0F, 32767.0F / 32768.0F}));
}

TEST(SoundTest, APartIsReadWithoutTheRest)
{
    const test::TemporaryFolder folder;
    writeWav(folder / "a.wav", 1, {0, 16384, -16384});

    EXPECT_EQ(*readSound(folder / "a.wav", 1, 1), (std::vector{0.5F}));
    EXPECT_EQ(*readSound(folder / "a.wav", 1, 100), (std::vector{0.5F, -0.5F}));
    EXPECT_TRUE(readSound(folder / "a.wav", 100, 1)->empty());
}

TEST(SoundTest, DamagedSoundsAreReadOrRefused)
{
    const test::TemporaryFolder folder;
    writeWav(folder / "a.wav", 2, std::vector<std::int16_t>(64));
    const std::string whole = test::readFile(folder / "a.wav");
    std::mt19937 random(1);
    for (int i = 0; i < 300; ++i) {
        test::writeFile(folder / "damaged", test::damaged(whole.substr(0, 60), random, 1 + i % 4));
        const auto samples = readSound(folder / "damaged", 0, 64);
        EXPECT_TRUE(samples || !samples.error().message.empty());
    }
}

TEST(SoundTest, WhatIsNoSoundIsOneSentenceWithItsFile)
{
    const test::TemporaryFolder folder;
    writeWav(folder / "empty.wav", 1, {});
    std::ofstream(folder / "damaged.wav") << "RIFF\x08\x00\x00\x00WAVEjunk";

    EXPECT_THAT(soundFormat(folder / "empty.wav").error().message, HasSubstr("empty.wav"));
    EXPECT_THAT(readSound(folder / "damaged.wav", 0, 1).error().message, HasSubstr("damaged.wav"));
    EXPECT_FALSE(soundFormat(folder / "missing.wav"));
}
} // namespace
} // namespace syncpoint
