#include "core/run/model_inputs.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/run/tiny_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {
using ::testing::HasSubstr;

const ModelPort kImage{"image", DType::Float32, {1, 2}, false, {"", ""}};
const ModelPort kIds{"ids", DType::Int64, {1, 3}, false, {"", ""}};
const ModelPort kFree{"free", DType::Float32, {-1, 2}, false, {"n", ""}};

class ModelInputsTest : public ::testing::Test
{
protected:
    InputSource fromFolder() const
    {
        InputSource source;
        source.file = m_folder.path();
        return source;
    }
    static std::string errorOf(const std::vector<ModelPort> &ports, const InputSource &source)
    {
        const auto inputs = ModelInputs::plan(ports, source, {});
        return inputs ? "" : inputs.error().message;
    }
    static std::vector<float> firstInput(const ModelInputs &inputs, std::size_t sample)
    {
        return decodeAll(inputs.make(sample).value().front().view()).value();
    }
    test::TemporaryFolder m_folder;
};

TEST_F(ModelInputsTest, TakesArraysByName)
{
    writeNpy(m_folder / "image.npy", {1, 2}, std::vector{1.0F, 2.0F});
    writeNpy(m_folder / "ids.npy", {1, 3}, std::vector<std::int64_t>{4, 5, 6});
    const auto inputs = ModelInputs::plan({kIds, kImage}, fromFolder(), {});

    ASSERT_TRUE(inputs) << inputs.error().message;
    EXPECT_EQ(inputs->samples(), 1U);
    EXPECT_TRUE(inputs->diagnostics().empty());
    EXPECT_EQ(firstInput(*inputs, 0), (std::vector{4.0F, 5.0F, 6.0F}));
}

TEST_F(ModelInputsTest, AMultipleOfTheFixedBatchIsSeveralSamples)
{
    writeNpy(m_folder / "image.npy", {3, 2}, std::vector{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F});
    writeNpy(m_folder / "ids.npy", {1, 3}, std::vector<std::int64_t>{4, 5, 6});
    auto source = fromFolder();
    const auto all = ModelInputs::plan({kImage, kIds}, source, {});
    source.samples = 2;
    const auto two = ModelInputs::plan({kImage, kIds}, source, {});
    source.samples = 4;

    ASSERT_TRUE(all);
    EXPECT_EQ(all->samples(), 3U);
    EXPECT_EQ(firstInput(*all, 1), (std::vector{3.0F, 4.0F}));
    EXPECT_EQ(all->make(2).value()[1].elements(), 3U);
    ASSERT_TRUE(two);
    EXPECT_EQ(two->samples(), 2U);
    EXPECT_THAT(errorOf({kImage, kIds}, source), HasSubstr("4 samples were asked for"));
}

TEST_F(ModelInputsTest, InputsThatDisagreeOnTheirSamplesAreAnError)
{
    writeNpy(m_folder / "image.npy", {2, 2}, std::vector<float>(4));
    writeNpy(m_folder / "ids.npy", {3, 3}, std::vector<std::int64_t>(9));

    EXPECT_THAT(errorOf({kImage, kIds}, fromFolder()),
                HasSubstr("2 samples for input 'image' but 3 for 'ids'"));
}

TEST_F(ModelInputsTest, AFreeBatchTakesTheArrayWholeUnlessSamplesAreAskedFor)
{
    writeNpy(m_folder / "free.npy", {3, 2}, std::vector<float>(6));
    auto source = fromFolder();
    const auto whole = ModelInputs::plan({kFree}, source, {});
    source.samples = 3;
    const auto rows = ModelInputs::plan({kFree}, source, {});

    ASSERT_TRUE(whole && rows);
    EXPECT_EQ(whole->samples(), 1U);
    EXPECT_EQ(whole->make(0).value()[0].info().shape, (Shape{3, 2}));
    EXPECT_EQ(rows->samples(), 3U);
    EXPECT_EQ(rows->make(2).value()[0].info().shape, (Shape{1, 2}));
}

TEST_F(ModelInputsTest, RenamedArraysAreMatchedByShapeAndReported)
{
    writeNpy(m_folder / "pixels.npy", {1, 2}, std::vector{1.0F, 2.0F});
    writeNpy(m_folder / "ids.npy", {1, 3}, std::vector<std::int64_t>{4, 5, 6});
    const auto inputs = ModelInputs::plan({kImage, kIds}, fromFolder(), {});

    ASSERT_TRUE(inputs) << inputs.error().message;
    ASSERT_EQ(inputs->diagnostics().size(), 1U);
    EXPECT_THAT(inputs->diagnostics()[0].text, HasSubstr("fed with 'pixels'"));
}

TEST_F(ModelInputsTest, EqualShapesAreMatchedByOrder)
{
    writeNpy(m_folder / "a.npy", {1, 2}, std::vector{1.0F, 2.0F});
    writeNpy(m_folder / "b.npy", {1, 2}, std::vector{3.0F, 4.0F});
    ModelPort other = kImage;
    other.name = "other";
    const auto inputs = ModelInputs::plan({kImage, other}, fromFolder(), {});

    ASSERT_TRUE(inputs) << inputs.error().message;
    EXPECT_EQ(inputs->diagnostics().size(), 2U);
    EXPECT_EQ(firstInput(*inputs, 0), (std::vector{1.0F, 2.0F}));
}

TEST_F(ModelInputsTest, AWrongShapeOrTypeNamesFileInputExpectedAndGot)
{
    writeNpy(m_folder / "image.npy", {1, 5}, std::vector<float>(5));
    EXPECT_EQ(errorOf({kImage}, fromFolder()),
              m_folder.path().string() +
                  ": 'image' is float32 1×5, but the model's input 'image' takes float32 1×2");

    writeNpy(m_folder / "image.npy", {1, 2}, std::vector<std::int64_t>(2));
    EXPECT_THAT(errorOf({kImage}, fromFolder()), HasSubstr("'image' is int64 1×2"));
}

TEST_F(ModelInputsTest, AMissingInputIsAnErrorOrMadeUpWithAWarning)
{
    writeNpy(m_folder / "image.npy", {1, 2}, std::vector<float>(2));
    auto source = fromFolder();
    const auto madeUp = ModelInputs::plan({kImage, kIds}, source, {});
    source.useFallback = false;
    InputSource noFallback;
    noFallback.useFallback = false;

    ASSERT_TRUE(madeUp);
    ASSERT_EQ(madeUp->diagnostics().size(), 1U);
    EXPECT_EQ(madeUp->diagnostics()[0].where, "ids");
    EXPECT_THAT(errorOf({kImage, kIds}, source), HasSubstr("no array for the model's input 'ids'"));
    EXPECT_THAT(errorOf({kImage}, noFallback),
                HasSubstr("nothing was given for the model's input 'image'"));
}

TEST_F(ModelInputsTest, AFileThatFeedsNothingIsAnErrorEvenWithAFallback)
{
    writeNpy(m_folder / "foo.npy", {7}, std::vector<float>(7));

    EXPECT_THAT(errorOf({kImage}, fromFolder()), HasSubstr("it has 'foo' (float32 7)"));
}

TEST_F(ModelInputsTest, UnknownNamesAreErrors)
{
    InputSource source;
    source.perInput["imge"] = {InputFill::Kind::Ones, 0.0, {}};
    EXPECT_THAT(errorOf({kImage}, source), HasSubstr("no input 'imge'; it has image"));

    source.perInput.clear();
    source.shapes["imge"] = {1};
    EXPECT_THAT(errorOf({kImage}, source), HasSubstr("no input 'imge'"));
}

TEST_F(ModelInputsTest, FreeExtentsFollowTheShapeTheSymbolOrOne)
{
    const ModelPort second{"second", DType::Int64, {-1}, false, {"n"}};
    InputSource source;
    const auto guessed = ModelInputs::plan({kFree, second}, source, {});
    source.shapes["free"] = {4, 2};
    const auto fixed = ModelInputs::plan({kFree, second}, source, {});
    source.shapes["free"] = {4, 3};

    ASSERT_TRUE(guessed && fixed);
    EXPECT_EQ(guessed->diagnostics().size(), 2U);
    EXPECT_EQ(guessed->make(0).value()[0].info().shape, (Shape{1, 2}));
    EXPECT_TRUE(fixed->diagnostics().empty());
    EXPECT_EQ(fixed->make(0).value()[1].info().shape, (Shape{4}));
    EXPECT_THAT(errorOf({kFree}, source), HasSubstr("4×3"));
}

TEST_F(ModelInputsTest, OneInputCanComeFromItsOwnFile)
{
    writeNpy(m_folder / "x.npy", {1, 2}, std::vector{8.0F, 9.0F});
    InputSource source;
    source.perInput["image"] = {InputFill::Kind::File, 0.0, m_folder / "x.npy"};
    const auto inputs = ModelInputs::plan({kImage, kIds}, source, {});

    ASSERT_TRUE(inputs) << inputs.error().message;
    EXPECT_EQ(firstInput(*inputs, 0), (std::vector{8.0F, 9.0F}));
}

TEST_F(ModelInputsTest, ATwinGetsTheNumbersOfTheOtherModelsInput)
{
    const ModelPort renamed{"pixels", DType::Float32, {1, 2}, false, {"", ""}};
    InputSource source;
    source.shapes["image"] = {1, 2};
    source.twins["pixels"] = {"image", 1};
    const auto own = ModelInputs::plan({kIds, kImage}, {}, {});
    const auto twin = ModelInputs::plan({renamed}, source, {});
    ASSERT_TRUE(own && twin);
    EXPECT_EQ(firstInput(*twin, 0), decodeAll(own->make(0).value()[1].view()).value());

    writeNpy(m_folder / "image.npy", {1, 2}, std::vector{1.0F, 2.0F});
    writeNpy(m_folder / "pixels.npy", {1, 2}, std::vector{3.0F, 4.0F});
    source.file = m_folder.path();
    EXPECT_EQ(firstInput(*ModelInputs::plan({renamed}, source, {}), 0), (std::vector{1.0F, 2.0F}));
}

TEST_F(ModelInputsTest, NumbersAreConvertedWithAReport)
{
    writeNpy(m_folder / "image.npy", {1, 2}, std::vector{1.5F, 2.5F});
    ModelPort half = kImage;
    half.dtype = DType::Float16;
    const auto inputs = ModelInputs::plan({half}, fromFolder(), {});

    ASSERT_TRUE(inputs);
    EXPECT_EQ(inputs->make(0).value()[0].info().dtype, DType::Float16);
    EXPECT_EQ(firstInput(*inputs, 0), (std::vector{1.5F, 2.5F}));
    EXPECT_THAT(inputs->diagnostics()[0].text, HasSubstr("converted from float32"));
}
} // namespace
} // namespace syncpoint
