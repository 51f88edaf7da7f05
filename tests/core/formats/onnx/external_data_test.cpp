#include "core/tensor/decode.h"
#include "tests/core/formats/onnx/onnx_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {
/// A model with one float tensor of two elements in a data file.
std::string externalModel(std::string_view location, std::string_view offset = "0",
                          std::string_view length = "8")
{
    std::string w = tensorHeader("w", kFloat, {2}) + numberField(14, 1) +
                    textField(13, entry("location", location));
    w += offset.empty() ? "" : textField(13, entry("offset", offset));
    w += length.empty() ? "" : textField(13, entry("length", length));
    return model(initializer(w) + graphNode(node("Identity", {"w"}, {"y"})));
}

struct ExternalDataTest : ::testing::Test
{
    TemporaryFolder outer;
    std::filesystem::path folder = outer / "model";

    void SetUp() override
    {
        std::filesystem::create_directory(folder);
        writeFile(folder / "weights.bin", rawBytes(std::vector{9.0F, 1.0F, 2.0F}));
        writeFile(outer / "secret.bin", rawBytes(std::vector{6.0F, 6.0F}));
    }
    Result<std::shared_ptr<const Graph>> loadModel(const std::string &bytes) const
    {
        writeFile(folder / "model.onnx", bytes);
        return load(folder / "model.onnx");
    }
};
} // namespace

TEST_F(ExternalDataTest, MapsTheDataFileAtItsOffset)
{
    const auto graph = loadModel(externalModel("weights.bin", "4", ""));
    ASSERT_TRUE(graph);
    EXPECT_THAT(*decodeAll(valueNamed(**graph, "w").constant->view()), ElementsAre(1.0F, 2.0F));
    EXPECT_TRUE((*graph)->diagnostics().empty());
}

TEST_F(ExternalDataTest, AMissingFileIsADiagnostic)
{
    const auto graph = loadModel(externalModel("gone.bin"));
    ASSERT_TRUE(graph);
    EXPECT_FALSE(valueNamed(**graph, "w").constant);
    EXPECT_EQ(valueNamed(**graph, "w").shape, Shape{2});
    ASSERT_EQ((*graph)->diagnostics().size(), 1U);
    EXPECT_THAT((*graph)->diagnostics()[0].text, HasSubstr("gone.bin"));
}

TEST_F(ExternalDataTest, PathsOutOfTheFolderAreRefused)
{
    std::filesystem::create_symlink(outer / "secret.bin", folder / "link.bin");
    std::filesystem::create_directory_symlink(outer.path(), folder / "up");
    const std::string absolute = (outer / "secret.bin").string();
    for (const std::string &location :
         {std::string("../secret.bin"), std::string("sub/../../secret.bin"), absolute,
          std::string("link.bin"), std::string("up/secret.bin"), std::string("/etc/passwd"),
          std::string(), std::string("weights.bin\0x", 13)}) {
        const auto graph = loadModel(externalModel(location));
        ASSERT_FALSE(graph) << location;
        EXPECT_EQ(graph.error().code, ErrorCode::BadFormat);
        EXPECT_THAT(graph.error().message, HasSubstr("outside the model's folder"));
        EXPECT_THAT(graph.error().message, HasSubstr("initializer 'w'"));
    }
}

TEST_F(ExternalDataTest, ALinkWithinTheFolderIsFine)
{
    std::filesystem::create_symlink("weights.bin", folder / "link.bin");
    EXPECT_TRUE(loadModel(externalModel("link.bin")));
}

TEST_F(ExternalDataTest, RangesOutsideTheFileAreErrors)
{
    for (const auto &[offset, length] :
         std::vector<std::pair<std::string, std::string>>{{"8", "8"},
                                                          {"13", "8"},
                                                          {"18446744073709551615", "8"},
                                                          {"0", "4"},
                                                          {"x", "8"},
                                                          {"-4", "8"},
                                                          {"99999999999999999999", "8"}}) {
        const auto graph = loadModel(externalModel("weights.bin", offset, length));
        ASSERT_FALSE(graph) << offset;
        EXPECT_THAT(graph.error().message, HasSubstr("initializer 'w'"));
    }
}

TEST_F(ExternalDataTest, AFolderAsDataFileIsADiagnostic)
{
    std::filesystem::create_directory(folder / "data");
    const auto graph = loadModel(externalModel("data"));
    ASSERT_TRUE(graph);
    EXPECT_EQ((*graph)->diagnostics().size(), 1U);
}

TEST_F(ExternalDataTest, ReadsARealFile)
{
    const auto graph = load(dataFile("onnx/ext_weights.onnx"));
    ASSERT_TRUE(graph);
    EXPECT_TRUE((*graph)->diagnostics().empty());
    EXPECT_TRUE(valueNamed(**graph, "a").constant);
}

} // namespace syncpoint::test
