#include "tests/core/formats/coreml/coreml_files.h"

#include "core/formats/coreml/compressed_numbers.h"
#include "core/formats/coreml/mil_text.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

namespace {
/// A program that reads one weight "w" of this shape, made by `op`.
std::string reading(const std::string &shape, const std::string &op)
{
    return milProgram(fmt::format("tensor<fp16, {}> x", shape),
                      fmt::format("{}\n        tensor<fp16, {}> y = add(x = x, y = w)[name = "
                                  "string(\"y\")];\n",
                                  op, shape),
                      "y");
}

std::shared_ptr<const Graph> loaded(const std::string &text, const BlobFile &weights = {})
{
    const auto graph = loadText(text, weights);
    if (!graph) {
        ADD_FAILURE() << graph.error().message;
        return nullptr;
    }
    for (const Diagnostic &diagnostic : (*graph)->diagnostics()) {
        ADD_FAILURE() << diagnostic.where << ": " << diagnostic.text;
    }
    return *graph;
}

const Value &valueOf(const Graph &graph, const std::string &name)
{
    return graph.value(*graph.findValue(name));
}
} // namespace

TEST(CompressedWeightsTest, AffineIntegersKeepTheirFormWithScales)
{
    BlobFile weights;
    const auto data = weights.add(4, std::string("\x01\x02\xFF\x7F\x80\x00", 6));
    const auto graph = loaded(
        reading("[2, 3]", "tensor<fp16, [2, 3]> w = constexpr_affine_dequantize()[axis = int32(0), "
                          "name = string(\"w\"), quantized_data = tensor<int8, [2, 3]>(" +
                              blobAt(data) +
                              "), scale = tensor<fp16, [2]>([0.5, 2]), "
                              "zero_point = tensor<int8, [2]>([1, -1])];"),
        weights);
    ASSERT_TRUE(graph);
    const Value &stored = valueOf(*graph, "w:quantized_data");
    EXPECT_EQ(stored.dtype, DType::Int8);
    ASSERT_TRUE(stored.quantization);
    EXPECT_THAT(stored.quantization->scales, ElementsAre(0.5, 2));
    EXPECT_THAT(stored.quantization->zeroPoints, ElementsAre(1, -1));
    EXPECT_EQ(stored.quantization->axis, 0U);
    EXPECT_THAT(numbersOf(*graph, "w:quantized_data"), ElementsAre(0, 0.5, -1, 256, -254, 2));
    EXPECT_FALSE(valueOf(*graph, "w").constant);
    EXPECT_EQ(valueOf(*graph, "w").dtype, DType::Float16);
    EXPECT_EQ(graph->parameterSize().bytes, 6U);
    EXPECT_EQ(graph->parameterSize().parameters, 6U);
}

TEST(CompressedWeightsTest, BlocksAlongOneAxisAreAQuantization)
{
    const auto graph = loaded(reading(
        "[2, 4]",
        "tensor<fp16, [2, 4]> w = constexpr_blockwise_shift_scale(data = tensor<int4, [2, 4]>"
        "([[1, 2, -8, 7], [3, 0, 1, -1]]), scale = tensor<fp16, [2, 2]>([1, 2, 0.5, 4]), offset = "
        "tensor<int4, [2, 2]>([0, 1, 0, 0]))[name = string(\"w\")];"));
    ASSERT_TRUE(graph);
    const Value &stored = valueOf(*graph, "w:data");
    EXPECT_EQ(stored.dtype, DType::Int4);
    ASSERT_TRUE(stored.quantization);
    EXPECT_EQ(stored.quantization->axis, 1U);
    EXPECT_EQ(stored.quantization->blockSize, 2U);
    EXPECT_THAT(numbersOf(*graph, "w:data"), ElementsAre(1, 2, -18, 12, 1.5, 0, 4, -4));
}

TEST(CompressedWeightsTest, BlocksAlongTwoAxesAndFractionalOffsetsAreDecodedOnDemand)
{
    const auto graph = loaded(reading(
        "[2, 4]",
        "tensor<fp16, [2, 4]> w = constexpr_blockwise_shift_scale(data = tensor<uint8, [2, 4]>"
        "([1, 2, 3, 4, 5, 6, 7, 8]), scale = tensor<fp16, [1, 2]>([1, 2]), offset = "
        "tensor<fp16, [1, 2]>([0.5, 1]))[name = string(\"w\")];"));
    ASSERT_TRUE(graph);
    EXPECT_THAT(numbersOf(*graph, "w"), ElementsAre(0.5, 1.5, 4, 6, 4.5, 5.5, 12, 14));
    EXPECT_EQ(valueOf(*graph, "w").dtype, DType::Float16);
    EXPECT_FALSE(valueOf(*graph, "w:data").quantization);
}

TEST(CompressedWeightsTest, PalettesOfEveryWidthAreDecodedOnDemand)
{
    for (const unsigned bits : {1U, 2U, 3U, 4U, 6U, 8U}) {
        std::vector<unsigned> codes;
        std::vector<float> wanted;
        std::vector<_Float16> table;
        for (unsigned i = 0; i < 1U << bits; ++i) {
            table.push_back(static_cast<_Float16>(0.25F * static_cast<float>(i) - 3.0F));
        }
        for (unsigned i = 0; i < 5 * 7; ++i) {
            codes.push_back(i * i * 5 % (1U << bits));
            wanted.push_back(static_cast<float>(table[codes.back()]));
        }
        BlobFile weights;
        const std::string packed = packedCodes(codes, bits);
        const auto indices = weights.add(3, packed);
        const auto lut = weights.add(1, bytesOf(table));
        const auto graph = loaded(
            reading("[5, 7]",
                    fmt::format("tensor<fp16, [5, 7]> w = constexpr_lut_to_dense()[indices = "
                                "tensor<uint8, [{}]>({}), lut = tensor<fp16, [{}]>({}), name = "
                                "string(\"w\"), shape = tensor<uint32, [2]>([5, 7])];",
                                packed.size(), blobAt(indices), table.size(), blobAt(lut))),
            weights);
        ASSERT_TRUE(graph) << bits;
        const Value &value = valueOf(*graph, "w");
        EXPECT_THAT(numbersOf(*graph, "w"), ElementsAreArray(wanted)) << bits;
        EXPECT_EQ(bitWidth(valueOf(*graph, "w:indices").dtype), bits);
        EXPECT_EQ(value.dtype, DType::Float16);
        EXPECT_EQ(value.constant->storedBytes(), packed.size() + 2 * table.size());
        EXPECT_EQ(value.constant->bytes().size(), 70U);
        EXPECT_EQ(graph->parameterSize().bytes, packed.size());
    }
}

TEST(CompressedWeightsTest, EachGroupHasItsPalette)
{
    // The example of the operation's documentation.
    const auto graph = loaded(reading(
        "[6, 2]", "tensor<fp16, [6, 2]> w = constexpr_lut_to_dense(indices = tensor<uint2, [6, 2]>"
                  "([2, 3, 3, 0, 1, 0, 3, 0, 2, 1, 0, 3]), lut = tensor<fp16, [2, 1, 4, 1]>"
                  "([1, 5, 9, 13, 2, 10, 18, 26]))[name = string(\"w\")];"));
    ASSERT_TRUE(graph);
    EXPECT_THAT(numbersOf(*graph, "w"), ElementsAre(9, 13, 13, 1, 5, 1, 26, 2, 18, 10, 2, 26));
}

TEST(CompressedWeightsTest, PalettesOfVectorsFillTheirAxis)
{
    // The examples of the operation's documentation: entries 1 2 3 and 4 5 6.
    const auto along = [](int axis, const std::string &shape) {
        return loaded(reading(
            shape, fmt::format("tensor<fp16, {}> w = constexpr_lut_to_dense(indices = "
                               "tensor<uint1, [2, 2, 2]>([0, 0, 1, 0, 1, 1, 0, 0]), lut = "
                               "tensor<fp16, [1, 1, 1, 2, 3]>([1, 2, 3, 4, 5, 6]), vector_axis = "
                               "int32({}))[name = string(\"w\")];",
                               shape, axis)));
    };
    const auto middle = along(1, "[2, 6, 2]");
    const auto last = along(-1, "[2, 2, 6]");
    ASSERT_TRUE(middle && last);
    EXPECT_THAT(numbersOf(*middle, "w"), ElementsAre(1, 1, 2, 2, 3, 3, 4, 1, 5, 2, 6, 3, //
                                                     4, 4, 5, 5, 6, 6, 1, 1, 2, 2, 3, 3));
    EXPECT_THAT(numbersOf(*last, "w"), ElementsAre(1, 2, 3, 1, 2, 3, 4, 5, 6, 1, 2, 3, //
                                                   4, 5, 6, 4, 5, 6, 1, 2, 3, 1, 2, 3));
}

TEST(CompressedWeightsTest, SparseWeightsAreZeroWhereTheMaskIs)
{
    const auto graph = loaded(reading(
        "[4, 1]",
        "tensor<fp16, [4, 1]> w = constexpr_sparse_to_dense()[nonzero_data = tensor<fp16, [3]>"
        "([1, 2, 4]), mask = tensor<uint8, [1]>([11]), name = string(\"w\"), shape = "
        "tensor<uint32, [2]>([4, 1])];"));
    ASSERT_TRUE(graph);
    EXPECT_THAT(numbersOf(*graph, "w"), ElementsAre(1, 2, 0, 4));
}

TEST(CompressedWeightsTest, LongSparseWeightsAreReadFromAnyPlace)
{
    constexpr unsigned kCount = 3000;
    std::vector<unsigned> mask;
    std::vector<_Float16> nonzero;
    std::vector<float> wanted;
    for (unsigned i = 0; i < kCount; ++i) {
        mask.push_back(i * 7 % 3 == 0 ? 1 : 0);
        wanted.push_back(mask.back() != 0 ? static_cast<float>(i % 2000) : 0.0F);
        if (mask.back() != 0) {
            nonzero.push_back(static_cast<_Float16>(wanted.back()));
        }
    }
    BlobFile weights;
    const auto maskAt = weights.add(9, packedCodes(mask, 1));
    const auto dataAt = weights.add(1, bytesOf(nonzero));
    const auto graph = loaded(
        reading("[3000]",
                fmt::format("tensor<fp16, [3000]> w = constexpr_sparse_to_dense(mask = "
                            "tensor<uint1, [3000]>({}), nonzero_data = tensor<fp16, [{}]>({}))"
                            "[name = string(\"w\")];",
                            blobAt(maskAt), nonzero.size(), blobAt(dataAt))),
        weights);
    ASSERT_TRUE(graph);
    EXPECT_THAT(numbersOf(*graph, "w"), ElementsAreArray(wanted));
    const auto part = valueOf(*graph, "w").constant->range(1537, 9);
    ASSERT_TRUE(part);
    EXPECT_EQ(part->bytes().size(), 18U);
}

TEST(CompressedWeightsTest, SparsePalettesAndScalesAreDecodedTogether)
{
    // Codes 0 1 1 at the set bits, a palette of 2 and 3 per row, then scales per row.
    const auto graph = loaded(reading(
        "[2, 2]",
        "tensor<uint1, [2, 2]> m1, tensor<int8, [3]> n1 = constexpr_lut_to_sparse(indices_mask = "
        "tensor<uint1, [2, 2]>([1, 0, 1, 1]), indices_nonzero_data = tensor<uint1, [3]>"
        "([0, 1, 1]), lut = tensor<int8, [2, 1, 2, 1]>([2, 3, 4, 5]))[name = string(\"a\")];\n"
        "tensor<uint1, [2, 2]> m2, tensor<fp16, [3]> n2 = constexpr_sparse_blockwise_shift_scale("
        "data_mask = m1, nonzero_data = n1, scale = tensor<fp16, [2, 1]>([10, 0.5]))"
        "[name = string(\"b\")];\n"
        "tensor<fp16, [2, 2]> w = constexpr_sparse_to_dense(mask = m2, nonzero_data = n2)"
        "[name = string(\"w\")];"));
    ASSERT_TRUE(graph);
    EXPECT_THAT(numbersOf(*graph, "w"), ElementsAre(20, 0, 2.5, 2.5));
}

TEST(CompressedWeightsTest, IntegerPalettesAreScaled)
{
    const auto graph = loaded(reading(
        "[2, 2]",
        "tensor<int8, [2, 2]> q = constexpr_lut_to_dense(indices = tensor<uint1, [2, 2]>"
        "([0, 1, 1, 0]), lut = tensor<int8, [1, 1, 2, 1]>([-3, 7]))[name = string(\"q\")];\n"
        "tensor<fp16, [2, 2]> w = constexpr_blockwise_shift_scale(data = q, scale = "
        "tensor<fp16, [2, 1]>([1, 0.5]))[name = string(\"w\")];"));
    ASSERT_TRUE(graph);
    EXPECT_THAT(numbersOf(*graph, "w"), ElementsAre(-3, 7, 3.5, -1.5));
}

TEST(CompressedWeightsTest, TextAndProtobufGiveTheSameNumbers)
{
    const std::string text = reading(
        "[2, 2]", "tensor<fp16, [2, 2]> w = constexpr_lut_to_dense()[indices = tensor<uint8, [1]>"
                  "([228]), lut = tensor<fp16, [4]>([1, 2, 3, 4]), name = string(\"w\"), shape = "
                  "tensor<uint32, [2]>([2, 2])];");
    const auto program = parseMilText(text);
    ASSERT_TRUE(program) << program.error().message;
    const TemporaryFolder folder;
    const auto proto = load(writePackage(folder, milModel(*program), {}));
    ASSERT_TRUE(proto) << proto.error().message;
    EXPECT_EQ(described(*loaded(text)), described(**proto));
    EXPECT_THAT(numbersOf(**proto, "w"), ElementsAre(1, 2, 3, 4));
}

TEST(CompressedWeightsTest, PartsThatDoNotFitBecomeANote)
{
    const auto graph = loadText(reading(
        "[2, 2]", "tensor<fp16, [2, 2]> w = constexpr_lut_to_dense()[indices = tensor<uint8, [1]>"
                  "([228]), lut = tensor<fp16, [5]>([1, 2, 3, 4, 5]), name = string(\"w\"), shape "
                  "= tensor<uint32, [2]>([2, 2])];"));
    ASSERT_TRUE(graph) << graph.error().message;
    ASSERT_EQ((*graph)->diagnostics().size(), 1U);
    EXPECT_EQ((*graph)->diagnostics().front().where, "w");
    EXPECT_THAT((*graph)->diagnostics().front().text, HasSubstr("a palette of 5 entries"));
}

/// Why the program's weight "w" could not be read.
std::string problemOf(const std::string &program)
{
    const auto graph = loadText(program);
    return !graph                            ? graph.error().message
           : (*graph)->diagnostics().empty() ? "nothing"
                                             : (*graph)->diagnostics().front().text;
}

TEST(CompressedWeightsTest, ZeroPointsThatAreTextsAreReported)
{
    EXPECT_THAT(problemOf(reading(
                    "[2, 2]", "tensor<fp16, [2, 2]> w = constexpr_affine_dequantize(axis = "
                              "int32(0), quantized_data = tensor<int8, [2, 2]>([1, 2, 3, 4]), "
                              "scale = tensor<fp16, [2]>([1, 2]), zero_point = tensor<string, [1]>"
                              "([\"x\"]))[name = string(\"w\")];")),
                HasSubstr("no numbers"));
}

TEST(CompressedWeightsTest, CodesThatAreCompressedThemselvesAreNotUnpacked)
{
    EXPECT_THAT(
        problemOf(reading(
            "[2, 2]", "tensor<fp16, [2]> i = constexpr_lut_to_dense(indices = tensor<uint1, [2]>"
                      "([0, 1]), lut = tensor<fp16, [1, 2, 1]>([1, 2]))[name = string(\"i\")];\n"
                      "tensor<fp16, [2, 2]> w = constexpr_lut_to_dense(indices = i)[lut = "
                      "tensor<fp16, [4]>([1, 2, 3, 4]), name = string(\"w\"), shape = "
                      "tensor<uint32, [2]>([2, 2])];")),
        HasSubstr("compressed"));
}

TEST(CompressedWeightsTest, APaletteOfPalettesOfVectorsIsRefused)
{
    const auto zeros = [](DType dtype, Shape shape) {
        const auto size = storageBytes(dtype, *elementCount(shape));
        return *Tensor::fromBytes({dtype, std::move(shape), nullptr},
                                  std::vector<std::byte>(*size));
    };
    const auto vectors = paletteTensor(zeros(DType::UInt1, {1, 1, 64, 1}),
                                       zeros(DType::Float16, {1, 1, 1, 1, 2, 256}), 3);
    ASSERT_TRUE(vectors) << vectors.error().message;
    EXPECT_EQ(vectors->info().shape, (Shape{1, 1, 64, 256}));
    EXPECT_FALSE(paletteTensor(zeros(DType::UInt8, {1, 1}), *vectors, 1));
}

} // namespace syncpoint::test
