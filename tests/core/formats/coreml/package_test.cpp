#include "tests/core/formats/coreml/coreml_files.h"

#include "core/formats/coreml/mil_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <protozero/pbf_writer.hpp>

namespace syncpoint::test {

using ::testing::HasSubstr;

namespace {
std::string smallText()
{
    return milProgram("tensor<fp32, [2]> x",
                      "tensor<fp32, [2]> y = relu(x = x)[name = string(\"op_y\")];\n", "y");
}

std::string smallModel()
{
    return milModel(*parseMilText(smallText()));
}
} // namespace

TEST(CoreMlPackageTest, AModelFileAFolderAndABareTextLoad)
{
    const TemporaryFolder folder;
    writeFile(folder / "a.mlmodel", smallModel());
    writeFile(folder / "model.mil", smallText());
    for (const auto &path :
         {folder / "a.mlmodel", folder / "model.mil", writePackage(folder, smallModel(), {}),
          writeCompiled(folder, smallText(), {})}) {
        const auto graph = load(path);
        ASSERT_TRUE(graph) << graph.error().message;
        EXPECT_EQ((*graph)->nodes().size(), 1U);
        EXPECT_EQ((*graph)->info().path, path.string());
    }
}

TEST(CoreMlPackageTest, ManifestMayNotLeadOutside)
{
    const TemporaryFolder folder;
    const auto path = writePackage(folder, smallModel(), {});
    writeFile(path / "Manifest.json", R"({"rootModelIdentifier": "A", "itemInfoEntries":
                                          {"A": {"path": "../../secret.mlmodel"}}})");
    const auto graph = load(path);
    ASSERT_FALSE(graph);
    EXPECT_THAT(graph.error().message, HasSubstr("outside of the package"));
    writeFile(path / "Manifest.json", "{");
    EXPECT_THAT(load(path).error().message, HasSubstr("names no model"));
}

TEST(CoreMlPackageTest, WeightsMayNotLieOutside)
{
    const TemporaryFolder folder;
    const auto path = writeCompiled(
        folder,
        milProgram("tensor<fp16, [1]> x",
                   "tensor<fp16, [1]> w = const()[val = tensor<fp16, [1]>(BLOBFILE(path = "
                   "string(\"@model_path/../w.bin\"), offset = uint64(64)))];\n"
                   "tensor<fp16, [1]> y = add(x = x, y = w)[name = string(\"y\")];\n",
                   "y"),
        {});
    const auto graph = load(path);
    ASSERT_FALSE(graph);
    EXPECT_THAT(graph.error().message, HasSubstr("outside the model's folder"));
}

TEST(CoreMlPackageTest, DebugHandlesAreFactsOfTheirOps)
{
    const TemporaryFolder folder;
    const auto path = writePackage(folder, smallModel(), {});
    writeFile(path / "executorch_debug_handle_mapping.json",
              R"({"version": "1.0", "mapping": {
                  "7": [[{"Type": "Program"}, {"Type": "Function", "Name": "main"},
                         {"Type": "Operation", "Operator": "relu", "Output": "y"}]],
                  "9": [{"Type": "Operation", "Operator": "relu", "Output": "y"}],
                  "11": [5, [{"Type": 3}]]}})");
    const auto graph = load(path);
    ASSERT_TRUE(graph) << graph.error().message;
    ASSERT_EQ((*graph)->nodes().front().metadata.size(), 1U);
    EXPECT_EQ((*graph)->nodes().front().metadata.front(),
              std::pair(std::string("debug_handle"), std::string("7, 9")));
}

TEST(CoreMlPackageTest, ModelsOfOtherKindsAreNamed)
{
    const TemporaryFolder folder;
    std::string pipeline, trees;
    protozero::pbf_writer(pipeline).add_int64(1, 4);
    protozero::pbf_writer(pipeline).add_message(202, std::string());
    protozero::pbf_writer(trees).add_message(302, std::string());
    writeFile(folder / "p.mlmodel", pipeline);
    writeFile(folder / "t.mlmodel", trees);
    EXPECT_THAT(load(folder / "p.mlmodel").error().message, HasSubstr("is a pipeline"));
    EXPECT_THAT(load(folder / "t.mlmodel").error().message, HasSubstr("model type 302"));
    std::filesystem::create_directories(folder / "old.mlmodelc");
    writeFile(folder.path() / "old.mlmodelc" / "model.espresso.net", "{}");
    EXPECT_THAT(load(folder / "old.mlmodelc").error().message, HasSubstr("open the .mlmodel"));
}

} // namespace syncpoint::test
