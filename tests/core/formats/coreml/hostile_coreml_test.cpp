#include "tests/core/formats/coreml/coreml_files.h"

#include "core/formats/coreml/mil_text.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::HasSubstr;

namespace {
constexpr std::size_t kTruncations = 200;
constexpr int kFlips = 2000;

BlobFile weights()
{
    BlobFile file;
    file.add(3, packedCodes({0, 1, 2, 3, 3, 2, 1, 0}, 2));
    file.add(1, bytesOf(std::vector<_Float16>{1, 2, 3, 4}));
    file.add(9, packedCodes({1, 0, 1, 1, 0, 0, 1, 0}, 1));
    return file;
}

/// Every kind of compressed weight, a body and a few ops.
std::string richText()
{
    return milProgram(
        "tensor<fp16, [2, 4]> x, tensor<bool, []> p",
        fmt::format(
            "tensor<fp16, [4]> w0 = const()[name = string(\"w0\"), val = tensor<fp16, [4]>({1})];\n"
            "tensor<fp16, [2, 4]> w1 = constexpr_lut_to_dense()[indices = tensor<uint8, [2]>({0}), "
            "lut = tensor<fp16, [4]>({1}), name = string(\"w1\"), shape = tensor<uint32, [2]>"
            "([2, 4])];\n"
            "tensor<fp16, [2, 4]> w2 = constexpr_sparse_to_dense(mask = tensor<uint1, [2, 4]>({2}),"
            " nonzero_data = tensor<fp16, [4]>({1}))[name = string(\"w2\")];\n"
            "tensor<fp16, [2, 4]> w3 = constexpr_blockwise_shift_scale(data = tensor<int4, [2, 4]>"
            "([1, 2, 3, 4, 5, 6, 7, -8]), scale = tensor<fp16, [2, 2]>({1}))"
            "[name = string(\"w3\")];\n"
            "tensor<fp16, [2, 4]> w4 = constexpr_affine_dequantize()[axis = int32(1), "
            "quantized_data = tensor<int8, [2, 4]>([1, 2, 3, 4, 5, 6, 7, 8]), scale = "
            "tensor<fp16, [4]>({1}), zero_point = tensor<int8, []>(1)];\n"
            "tensor<fp16, [2, 4]> a = add(x = x, y = w1)[name = string(\"a\")];\n"
            "tensor<fp16, [2, 4]> b = add(x = a, y = w2)[name = string(\"b\")];\n"
            "tensor<fp16, [2, 4]> c = add(x = b, y = w3)[name = string(\"c\")];\n"
            "tensor<fp16, [2, 4]> d = add(x = c, y = w4)[name = string(\"d\")];\n"
            "tensor<fp16, [2, 4]> y = cond(pred = p)[name = string(\"y\")] () {{ "
            "tensor<fp16, [2, 4]> e = add(x = d, y = w0)[name = string(\"e\")]; }} -> (e), "
            "() {{ }} -> (x);\n",
            blobAt(64), blobAt(192), blobAt(320)),
        "y");
}

/// Some file systems flush a file that is truncated and written again, but not a new one.
void replaceFile(const std::filesystem::path &path, const std::string &bytes)
{
    std::filesystem::remove(path);
    writeFile(path, bytes);
}

/// Loads and, when it loads, reads every number.
bool survives(const std::filesystem::path &path)
{
    const auto graph = load(path);
    if (!graph) {
        EXPECT_FALSE(graph.error().message.empty());
        return false;
    }
    for (const Value &value : (*graph)->values()) {
        if (value.constant && isNumeric(value.constant->info().dtype)) {
            EXPECT_TRUE(decodeAll(value.constant->view()));
        }
    }
    return true;
}

/// Damages `whole` in both ways; `write` puts it where the model is and gives the model's path.
int survivors(const std::string &whole,
              const std::function<std::filesystem::path(const std::string &)> &write)
{
    int loaded = 0;
    for (std::size_t i = 0; i < kTruncations; ++i) {
        survives(write(whole.substr(0, whole.size() * i / kTruncations)));
    }
    std::mt19937 random(1);
    for (int i = 0; i < kFlips; ++i) {
        loaded += survives(write(damaged(whole, random, 1 + i % 4))) ? 1 : 0;
    }
    return loaded;
}
} // namespace

TEST(HostileCoreMlTest, TheRichProgramItselfLoads)
{
    const auto graph = loadText(richText(), weights());
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_TRUE((*graph)->diagnostics().empty());
    EXPECT_EQ((*graph)->nodes().size(), 10U);
}

TEST(HostileCoreMlTest, DamagedTextIsReadOrRefused)
{
    const TemporaryFolder folder;
    const auto path = writeCompiled(folder, richText(), weights());
    EXPECT_GT(survivors(richText(),
                        [&](const std::string &damage) {
                            replaceFile(path / "model.mil", damage);
                            return path;
                        }),
              100);
}

TEST(HostileCoreMlTest, DamagedProtobufIsReadOrRefused)
{
    const TemporaryFolder folder;
    const std::string model = milModel(*parseMilText(richText()));
    const auto path = writePackage(folder, model, weights());
    EXPECT_GT(survivors(model,
                        [&](const std::string &damage) {
                            replaceFile(path / "Data/com.apple.CoreML/model.mlmodel", damage);
                            return path;
                        }),
              100);
}

TEST(HostileCoreMlTest, DamagedWeightFilesAreReadOrRefused)
{
    const TemporaryFolder folder;
    const auto path = writeCompiled(folder, richText(), weights());
    EXPECT_GT(survivors(weights().content(),
                        [&](const std::string &damage) {
                            replaceFile(path / "weights/weight.bin", damage);
                            return path;
                        }),
              100);
}

TEST(HostileCoreMlTest, DamagedRealModelsAreReadOrRefused)
{
    const TemporaryFolder folder;
    for (const auto &[file, name] :
         {std::pair("coreml/silero_vad.mlmodel", "m.mlmodel"),
          std::pair("coreml/silero_vad.mlmodelc/model.mil", "model.mil")}) {
        const std::string whole = readFile(dataFile(file));
        std::mt19937 random(2);
        for (int i = 0; i < 200; ++i) {
            replaceFile(folder / name, i % 2 == 0 ? damaged(whole, random, 1 + i % 5)
                                                  : whole.substr(0, random() % whole.size()));
            survives(folder / name);
        }
    }
}

TEST(HostileCoreMlTest, DeepNestingIsRefused)
{
    std::string type = "fp16", blobs = "1", brackets;
    for (int i = 0; i < 20'000; ++i) {
        type = "list<" + type;
        brackets += '[';
    }
    for (int i = 0; i < 2'000; ++i) {
        blobs = "tensor<fp16, []>(BLOBFILE(path = " + blobs;
    }
    for (const std::string &statement :
         {type + " a = const();", "tensor<fp16, []> a = const()[val = tensor<fp16, []>(" + brackets,
          "tensor<fp16, []> a = const()[val = " + blobs,
          "tensor<fp16, []> a = const()[val = list<fp16, 1>(" + brackets}) {
        const auto graph = loadText(milProgram("", statement, ""));
        ASSERT_FALSE(graph);
        EXPECT_EQ(graph.error().code, ErrorCode::Limit);
    }
}

TEST(HostileCoreMlTest, LongChainsOfCompressedWeightsAreRefused)
{
    std::string chain = "tensor<fp16, [1, 2]> w0 = const()[val = tensor<fp16, [1, 2]>([1, 2])];\n";
    for (int i = 1; i < 1000; ++i) {
        chain += fmt::format("tensor<fp16, [1, 2]> w{0} = constexpr_blockwise_shift_scale(data = "
                             "w{1}, offset = w{1}, scale = w{1})[name = string(\"w{0}\")];\n",
                             i, i - 1);
    }
    const auto graph = loadText(milProgram("", chain, "w999"));
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_THAT((*graph)->diagnostics().front().text, HasSubstr("stand on too many others"));
}

} // namespace syncpoint::test
