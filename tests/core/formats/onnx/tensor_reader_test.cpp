#include "core/tensor/decode.h"
#include "tests/core/formats/onnx/onnx_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {
Result<std::shared_ptr<const Graph>> loadInitializer(const std::string &tensor)
{
    return loadBytes(model(initializer(tensor) + graphNode(node("Identity", {"w"}, {"y"}))));
}

std::vector<float> decoded(const std::string &tensor)
{
    const auto graph = loadInitializer(tensor);
    if (!graph) {
        ADD_FAILURE() << graph.error().message;
        return {};
    }
    const auto &constant = valueNamed(**graph, "w").constant;
    if (!constant) {
        ADD_FAILURE() << "no data";
        return {};
    }
    auto values = decodeAll(constant->view());
    return values ? *values : std::vector<float>{};
}
} // namespace

TEST(OnnxTensorTest, ReadsRawData)
{
    EXPECT_THAT(decoded(floats("w", {2}, {1.5F, -2.0F})), ElementsAre(1.5F, -2.0F));
    EXPECT_THAT(decoded(int64s("w", {3, -4})), ElementsAre(3.0F, -4.0F));
}

TEST(OnnxTensorTest, ReadsTypedFieldsPackedAndNot)
{
    EXPECT_THAT(decoded(tensorHeader("w", kFloat, {2}) + floatField(4, 1.0F) + floatField(4, 2.0F)),
                ElementsAre(1.0F, 2.0F));
    EXPECT_THAT(
        decoded(tensorHeader("w", kFloat, {2}) + textField(4, rawBytes(std::vector{3.0F, 4.0F}))),
        ElementsAre(3.0F, 4.0F));
    EXPECT_THAT(decoded(tensorHeader("w", kInt64, {2}) + textField(7, packed({-1, 7}))),
                ElementsAre(-1.0F, 7.0F));
    EXPECT_THAT(decoded(tensorHeader("w", 13 /* uint64 */, {1}) + numberField(11, 9)),
                ElementsAre(9.0F));
    EXPECT_THAT(decoded(tensorHeader("w", 11 /* double */, {1}) +
                        textField(10, rawBytes(std::vector{0.5}))),
                ElementsAre(0.5F));
}

TEST(OnnxTensorTest, Int32DataHoldsNarrowTypesAndBitPatterns)
{
    EXPECT_THAT(decoded(tensorHeader("w", kInt8, {2}) + textField(5, packed({-3, 100}))),
                ElementsAre(-3.0F, 100.0F));
    EXPECT_THAT(decoded(tensorHeader("w", 10 /* float16 */, {1}) + numberField(5, 0x3C00)),
                ElementsAre(1.0F));
    EXPECT_THAT(decoded(tensorHeader("w", 16 /* bfloat16 */, {1}) + numberField(5, 0x4000)),
                ElementsAre(2.0F));
    EXPECT_THAT(decoded(tensorHeader("w", 17 /* float8e4m3fn */, {1}) + numberField(5, 0x38)),
                ElementsAre(1.0F));
    // Two 4-bit elements per entry, the first in the low bits; the last entry is padded.
    EXPECT_THAT(decoded(tensorHeader("w", 22 /* int4 */, {3}) + textField(5, packed({0xF1, 0x07}))),
                ElementsAre(1.0F, -1.0F, 7.0F));
}

TEST(OnnxTensorTest, ReadsPackedRawData)
{
    EXPECT_THAT(decoded(tensor("w", 21 /* uint4 */, {3}, std::string("\x21\x0F", 2))),
                ElementsAre(1.0F, 2.0F, 15.0F));
    EXPECT_THAT(decoded(tensor("w", 25 /* uint2 */, {4}, "\xE4")),
                ElementsAre(0.0F, 1.0F, 2.0F, 3.0F));
}

TEST(OnnxTensorTest, ReadsStrings)
{
    const auto graph =
        loadInitializer(tensorHeader("w", kString, {2}) + textField(6, "one") + textField(6, ""));
    ASSERT_TRUE(graph);
    EXPECT_THAT(valueNamed(**graph, "w").constant->strings(), ElementsAre("one", ""));
}

TEST(OnnxTensorTest, RawDataIsAViewOfTheFile)
{
    const auto graph = load(dataFile("onnx/residual_block.onnx"));
    ASSERT_TRUE(graph);
    const std::size_t fileSize = std::filesystem::file_size(dataFile("onnx/residual_block.onnx"));
    const std::byte *low = nullptr;
    const std::byte *high = nullptr;
    for (const Value &value : (*graph)->values()) {
        if (value.constant && value.constant->bytes().size() > 256) {
            const auto *data = value.constant->bytes().data();
            low = low == nullptr ? data : std::min(low, data);
            high = std::max(high, data + value.constant->bytes().size());
        }
    }
    ASSERT_NE(low, nullptr);
    EXPECT_LT(static_cast<std::size_t>(high - low), fileSize);
}

TEST(OnnxTensorTest, DataThatDoesNotFitTheShapeIsAnErrorThatNamesTheTensor)
{
    for (const std::string &wrong :
         {tensor("w", kFloat, {1'000'000'000}, "abcd"), tensor("w", kFloat, {2}, "abcdabcdabcd"),
          tensor("w", kFloat, {-3}, ""), tensor("w", kFloat, {INT64_MAX, INT64_MAX}, "abcd"),
          tensorHeader("w", kFloat, {1}) + floatField(4, 1.0F) + floatField(4, 2.0F),
          tensorHeader("w", kInt64, {9}) + textField(7, packed({1}))}) {
        const auto graph = loadInitializer(wrong);
        ASSERT_FALSE(graph);
        EXPECT_THAT(graph.error().message, HasSubstr("initializer 'w'"));
    }
}

TEST(OnnxTensorTest, AnUnknownTypeIsADiagnostic)
{
    const auto graph = loadInitializer(tensor("w", 99, {1}, "x"));
    ASSERT_TRUE(graph);
    EXPECT_FALSE(valueNamed(**graph, "w").constant);
    EXPECT_TRUE(valueNamed(**graph, "w").isConstant);
    ASSERT_EQ((*graph)->diagnostics().size(), 1U);
    EXPECT_EQ((*graph)->diagnostics()[0].where, "w");
}

TEST(OnnxTensorTest, SmallSparseTensorsBecomeDense)
{
    const auto sparse = [](std::int64_t extent, std::int64_t index) {
        return model(textField(15, textField(1, floats("w", {1}, {5.0F})) +
                                       textField(2, int64s("", {index})) + numberField(3, extent)) +
                     graphNode(node("Identity", {"w"}, {"y"})));
    };
    const auto graph = loadBytes(sparse(3, 1));
    ASSERT_TRUE(graph);
    EXPECT_THAT(*decodeAll(valueNamed(**graph, "w").constant->view()),
                ElementsAre(0.0F, 5.0F, 0.0F));
    EXPECT_FALSE(loadBytes(sparse(3, 3)));

    const auto huge = loadBytes(sparse(std::int64_t{1} << 40U, 1));
    ASSERT_TRUE(huge);
    EXPECT_FALSE(valueNamed(**huge, "w").constant);
    EXPECT_EQ((*huge)->diagnostics().size(), 1U);
}

TEST(OnnxTensorTest, ReadsBfloat16OfARealFile)
{
    const auto graph = load(dataFile("onnx/matmul.bf16.i32data.onnx"));
    ASSERT_TRUE(graph);
    EXPECT_EQ((*graph)->parameterSize().parameters, 1024U);
    EXPECT_EQ((*graph)->parameterSize().bytes, 2048U);
}

} // namespace syncpoint::test
