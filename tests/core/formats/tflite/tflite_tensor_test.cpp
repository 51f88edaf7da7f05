#include "core/tensor/decode.h"
#include "tests/core/formats/tflite/tflite_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// No public sample has what is tested here: all models are written by the test.
namespace {
constexpr std::int8_t kInt32 = 2;
constexpr std::int8_t kString = 5;
constexpr std::int8_t kInt8 = 9;
constexpr std::int8_t kInt4 = 17;
constexpr std::int8_t kFloat16 = 1;

/// FULLY_CONNECTED of x with the tensor "w"; `others` are tensors that nothing but parameters use.
TfliteModelSpec withWeight(TfliteTensorSpec weight, std::vector<TfliteTensorSpec> others = {})
{
    weight.name = "w";
    TfliteSubgraphSpec main{
        "main", {{"x", {1, 4}}, weight, {"y", {1, 4}}}, {{kFullyConnected, {0, 1}, {2}}}, {0}, {2}};
    main.tensors.insert(main.tensors.end(), others.begin(), others.end());
    return {{main}};
}

struct Loaded
{
    std::shared_ptr<const Graph> graph;
    const Value &weight() const { return graph->value(graph->findValue("w").value()); }
    std::vector<float> numbers() const { return decodeAll(weight().constant->view()).value(); }
    std::string note() const
    {
        return graph->diagnostics().empty() ? "" : graph->diagnostics().front().text;
    }
};
Loaded load(const TfliteModelSpec &model)
{
    auto graph = loadTfliteBytes(written(model));
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return {graph ? *graph : nullptr};
}
} // namespace

TEST(TfliteTensorTest, DecodesPerChannelScalesAlongTheirAxis)
{
    const Loaded model =
        load(withWeight({"", {2, 2}, kInt8, std::string("\1\2\3\4"), {0.5F, 2.0F}, {0, 1}, 1}));
    EXPECT_THAT(model.numbers(), ElementsAre(0.5F, 2.0F, 1.5F, 6.0F));
    EXPECT_EQ(model.weight().quantization->axis, 1U);
}

TEST(TfliteTensorTest, BiasesHaveOneAxisWhateverThatOfTheirWeightsIs)
{
    const Loaded model =
        load(withWeight({"", {2}, kInt8, std::string("\1\2"), {0.5F, 2.0F}, {0, 0}, 3}));
    EXPECT_EQ(model.note(), "");
    EXPECT_THAT(model.numbers(), ElementsAre(0.5F, 4.0F));
}

TEST(TfliteTensorTest, DecodesFourBitsLowNibbleFirst)
{
    const Loaded model = load(withWeight({"", {3}, kInt4, std::string("\x2F\x07"), {0.5F}, {0}}));
    EXPECT_EQ(model.weight().dtype, DType::Int4);
    EXPECT_THAT(model.numbers(), ElementsAre(-0.5F, 1.0F, 3.5F));
}

TEST(TfliteTensorTest, DecodesBlockwiseScalesOfATensor)
{
    TfliteTensorSpec weight{"", {2, 4}, kInt4, std::string("\x21\x43\x21\x43")};
    weight.blocks = {3, -1, 2};
    const TfliteTensorSpec scales{"scales", {2, 2}, 0, rawBytes<float>({1.0F, 2.0F, 0.5F, 4.0F})};
    const Loaded model = load(withWeight(weight, {scales}));
    EXPECT_EQ(model.note(), "");
    ASSERT_TRUE(model.weight().quantization);
    EXPECT_EQ(model.weight().quantization->blockSize, 2U);
    EXPECT_EQ(model.weight().quantization->axis, 1U);
    EXPECT_THAT(model.numbers(), ElementsAre(1, 2, 6, 8, 0.5F, 1, 12, 16));
}

TEST(TfliteTensorTest, BlockwiseZeroPointsMayBeOneForAll)
{
    TfliteTensorSpec weight{"", {1, 4}, kInt8, std::string("\1\2\3\4")};
    weight.blocks = {3, 4, 2};
    const TfliteTensorSpec scales{
        "scales", {1, 2}, kFloat16, rawBytes<std::uint16_t>({0x3C00, 0x4000})};
    const TfliteTensorSpec zeros{"zeros", {1}, kInt32, rawBytes<std::int32_t>({1})};
    const Loaded model = load(withWeight(weight, {scales, zeros}));
    EXPECT_THAT(model.numbers(), ElementsAre(0, 1, 4, 6));
}

TEST(TfliteTensorTest, ParametersThatDoNotFitAreNotedAndLeftOut)
{
    const auto noteOf = [](TfliteTensorSpec weight, std::vector<TfliteTensorSpec> others = {}) {
        const Loaded model = load(withWeight(std::move(weight), std::move(others)));
        EXPECT_FALSE(model.weight().quantization);
        EXPECT_TRUE(model.weight().constant);
        return model.note();
    };
    EXPECT_THAT(noteOf({"", {2}, kInt8, "ab", {1, 2, 3}, {0, 0, 0}}), HasSubstr("3 scales"));
    EXPECT_THAT(noteOf({"", {2}, kInt8, "ab", {1, 2}, {0, 1, 2}}), HasSubstr("zero points"));
    EXPECT_THAT(noteOf({"", {2}, kInt8, "ab", {1, 2}, {0, 0}, -3}), HasSubstr("axis -3"));
    EXPECT_THAT(noteOf({"", {1, 2}, kInt8, "ab", {1, 2}, {0, 0}, 5}), HasSubstr("axis 5"));
    TfliteTensorSpec blocked{"", {2}, kInt8, "ab"};
    blocked.blocks = {99, -1, 2};
    EXPECT_THAT(noteOf(blocked), HasSubstr("block scales are missing"));
    blocked.blocks = {3, -1, 2};
    EXPECT_THAT(noteOf(blocked, {{"s", {7}, 0, rawBytes<float>(std::vector<float>(7))}}),
                HasSubstr("do not fit"));
}

TEST(TfliteTensorTest, DataThatDoesNotFitItsShapeIsNotedAndLeftOut)
{
    const Loaded model = load(withWeight({"", {100, 100}, 0, "abcd"}));
    EXPECT_TRUE(model.weight().isConstant);
    EXPECT_FALSE(model.weight().constant);
    EXPECT_THAT(model.note(), HasSubstr("4 bytes do not fit float32 100×100"));
}

TEST(TfliteTensorTest, ReadsStrings)
{
    const std::string data = rawBytes<std::int32_t>({2, 16, 19, 21}) + "onetw";
    const Loaded model = load(withWeight({"", {2}, kString, data}));
    ASSERT_TRUE(model.weight().constant) << model.note();
    EXPECT_THAT(model.weight().constant->strings(), ElementsAre("one", "tw"));
    const std::string wrong = rawBytes<std::int32_t>({2, 16, 19, 99}) + "onetw";
    EXPECT_THAT(load(withWeight({"", {2}, kString, wrong})).note(), HasSubstr("strings"));
}

TEST(TfliteTensorTest, EmptyConstantsAndUnknownExtentsAreKept)
{
    TfliteModelSpec model = withWeight({"", {0}, kInt32});
    model.subgraphs[0].tensors[0].signature = {-1, 4};
    const Loaded graph = load(model);
    EXPECT_TRUE(graph.weight().constant);
    EXPECT_EQ(graph.graph->value(graph.graph->mainScope().inputs[0]).shape, (Shape{-1, 4}));
}

TEST(TfliteTensorTest, DataBeyondTwoGigabytesIsReadInPlace)
{
    constexpr std::uint64_t kPlace = (std::uint64_t{1} << 31U) + 4096;
    TfliteTensorSpec weight{"", {2}, 0, ""};
    weight.dataOffset = kPlace;
    weight.dataSize = 8;
    const TemporaryFolder folder;
    writeFile(folder / "large.tflite", written(withWeight(weight)));
    std::filesystem::resize_file(folder / "large.tflite", kPlace); // a hole
    std::ofstream(folder / "large.tflite", std::ios::binary | std::ios::app)
        << rawBytes<float>({3.0F, 4.0F});
    const auto graph = loadTflite(folder / "large.tflite");
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_THAT(Loaded{*graph}.numbers(), ElementsAre(3.0F, 4.0F));

    std::filesystem::resize_file(folder / "large.tflite", kPlace + 4);
    const auto cut = loadTflite(folder / "large.tflite");
    ASSERT_FALSE(cut);
    EXPECT_THAT(cut.error().message, HasSubstr("lies outside the file"));
}

} // namespace syncpoint::test
