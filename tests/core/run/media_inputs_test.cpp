// Pictures and sound as inputs of a model.
#include "core/run/model_inputs.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/media/written_media.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;

ModelPort port(const std::string &name, DType dtype, Shape shape)
{
    return {name, dtype, std::move(shape), false, {}};
}

class MediaInputsTest : public ::testing::Test
{
protected:
    MediaInputsTest()
    {
        // Two pixels side by side: reds 255 and 0, greens 0 and 51, blues 102 and 255.
        writePng(m_folder / "a.png", 2, {255, 0, 102, 0, 51, 255});
        m_source.file = m_folder / "a.png";
        m_source.useFallback = false;
    }
    std::vector<float> valuesFor(const ModelPort &input, std::size_t sample = 0) const
    {
        const auto inputs = ModelInputs::plan({input}, m_source, {});
        EXPECT_TRUE(inputs) << (inputs ? "" : inputs.error().message);
        const auto made = inputs ? inputs->make(sample) : inputs.error();
        EXPECT_TRUE(made) << (made ? "" : made.error().message);
        return made ? decodeAll(made->front().view()).value() : std::vector<float>();
    }
    std::string errorFor(const std::vector<ModelPort> &ports) const
    {
        const auto inputs = ModelInputs::plan(ports, m_source, {});
        return inputs ? "" : inputs.error().message;
    }
    test::TemporaryFolder m_folder;
    InputSource m_source;
};

TEST_F(MediaInputsTest, APictureIsLaidOutAsTheShapeSays)
{
    EXPECT_EQ(valuesFor(port("x", DType::Float32, {1, 3, 1, 2})),
              (std::vector{1.0F, 0.0F, 0.0F, 0.2F, 0.4F, 1.0F}));
    EXPECT_EQ(valuesFor(port("x", DType::Float32, {1, -1, -1, 3})),
              (std::vector{1.0F, 0.0F, 0.4F, 0.0F, 0.2F, 1.0F}));
    EXPECT_EQ(valuesFor(port("x", DType::Float32, {3, -1, -1})),
              (std::vector{1.0F, 0.0F, 0.0F, 0.2F, 0.4F, 1.0F}));
}

TEST_F(MediaInputsTest, IntegersGetLevelsAndOneChannelBrightness)
{
    EXPECT_EQ(valuesFor(port("x", DType::UInt8, {1, -1, -1, 3})),
              (std::vector{255.0F, 0.0F, 102.0F, 0.0F, 51.0F, 255.0F}));
    EXPECT_THAT(valuesFor(port("x", DType::Float32, {1, 1, 1, 2})),
                ElementsAre(FloatNear(0.299F + 0.114F * 0.4F, 1e-6F),
                            FloatNear(0.587F * 0.2F + 0.114F, 1e-6F)));
}

TEST_F(MediaInputsTest, MeanAndDeviationAreAppliedPerChannel)
{
    m_source.pictures.mean = {0.5, 0.0, 0.4};
    m_source.pictures.std = {0.5};

    EXPECT_THAT(valuesFor(port("x", DType::Float32, {1, 3, 1, 2})),
                ElementsAre(1.0F, -1.0F, 0.0F, FloatNear(0.4F, 1e-6F), FloatNear(0.0F, 1e-6F),
                            FloatNear(1.2F, 1e-6F)));
    EXPECT_THAT(errorFor({port("x", DType::UInt8, {1, 3, 1, 2})}), HasSubstr("a mean was given"));
    EXPECT_THAT(errorFor({port("x", DType::Float32, {1, 1, 1, 2})}),
                HasSubstr("3 numbers were given as mean"));
}

TEST_F(MediaInputsTest, EveryPictureOfAFolderIsASample)
{
    writePng(m_folder / "b.png", 1, {0, 0, 0});
    m_source.file = m_folder.path();
    m_source.pictures.layout = PictureSettings::Layout::Nchw; // 1×3×1×1 leaves it open
    const auto input = port("x", DType::Float32, {1, 3, 1, 1});
    const auto inputs = ModelInputs::plan({input}, m_source, {});

    ASSERT_TRUE(inputs) << inputs.error().message;
    EXPECT_EQ(inputs->samples(), 2U);
    EXPECT_THAT(valuesFor(input, 0), ElementsAre(0.5F, FloatNear(0.1F, 1e-6F), 0.7F));
    EXPECT_EQ(valuesFor(input, 1), (std::vector{0.0F, 0.0F, 0.0F}));
    EXPECT_EQ(valuesFor(port("x", DType::Float32, {2, 3, 1, 1})).size(), 6U);
}

TEST_F(MediaInputsTest, WhereAPictureCannotGoIsSaid)
{
    EXPECT_THAT(errorFor({port("ids", DType::Int64, {1, 7})}), HasSubstr("'ids' (int64 1×7)"));
    EXPECT_THAT(errorFor({port("x", DType::Float32, {1, 3, 5, 3})}), HasSubstr("give --layout"));
    EXPECT_THAT(
        errorFor({port("x", DType::Float32, {1, 3, 1, 2}), port("y", DType::Float32, {3, 1, 2})}),
        HasSubstr("fits the model's inputs 'x' and 'y'"));
    EXPECT_THAT(errorFor({port("x", DType::Float32, {1, 3, 1, 2}), port("y", DType::Float32, {1})}),
                HasSubstr("nothing was given for the model's input 'y'"));
}

TEST_F(MediaInputsTest, ADamagedPictureIsOneSentenceWithItsFile)
{
    std::filesystem::resize_file(m_folder / "a.png", 20);
    EXPECT_THAT(errorFor({port("x", DType::Float32, {1, 3, 1, 2})}), HasSubstr("a.png"));
}

TEST_F(MediaInputsTest, SoundIsCutIntoPiecesOfTheInputsLength)
{
    writeWav(m_folder / "a.wav", 2, {16384, 0, -32768, -32768, 16384, 16384});
    m_source.file = m_folder / "a.wav";
    const auto input = port("audio", DType::Float32, {1, 2});
    const auto inputs = ModelInputs::plan({input}, m_source, {});

    ASSERT_TRUE(inputs) << inputs.error().message;
    EXPECT_EQ(inputs->samples(), 2U);
    EXPECT_EQ(valuesFor(input, 0), (std::vector{0.25F, -1.0F})); // the mean of both channels
    EXPECT_EQ(valuesFor(input, 1), (std::vector{0.5F, 0.0F}));
    ASSERT_EQ(inputs->diagnostics().size(), 1U);
    EXPECT_EQ(inputs->diagnostics()[0].text,
              "16000 Hz, 3 frames; 1 frames of silence fill the last piece");
}

TEST_F(MediaInputsTest, SoundOfFreeLengthIsOneSampleWithItsChannels)
{
    writeWav(m_folder / "a.wav", 2, {16384, 0, -32768, 32767});
    m_source.file = m_folder / "a.wav";

    EXPECT_EQ(valuesFor(port("audio", DType::Int16, {1, -1, -1})),
              (std::vector{16384.0F, -32768.0F, 0.0F, 32767.0F}));
    EXPECT_EQ(valuesFor(port("audio", DType::Float32, {-1})), (std::vector{0.25F, -1.0F / 65536}));
    EXPECT_THAT(errorFor({port("audio", DType::Float32, {3, 16})}), HasSubstr("has 2 channels"));
    EXPECT_THAT(errorFor({port("audio", DType::Bool, {16})}), HasSubstr("cannot take it"));
}

TEST_F(MediaInputsTest, OneInputCanBeAPictureBesideOthers)
{
    m_source.file.reset();
    m_source.useFallback = true;
    m_source.perInput["x"] = {InputFill::Kind::File, 0.0, m_folder / "a.png"};
    const auto inputs = ModelInputs::plan(
        {port("y", DType::Float32, {1}), port("x", DType::Float32, {1, 3, 1, 2})}, m_source, {});

    ASSERT_TRUE(inputs) << inputs.error().message;
    EXPECT_EQ(inputs->make(0).value()[1].elements(), 6U);
}
} // namespace
} // namespace syncpoint
