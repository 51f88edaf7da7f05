#include "tests/core/formats/onnx/onnx_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Attributes as ONNX Runtime's op schema describes them; no model with such ops is at hand, so all
// of these are synthetic.
namespace syncpoint::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

std::string textAttribute(std::string_view name, std::string_view text)
{
    return textField(5, textField(1, name) + textField(4, text) + numberField(20, 3));
}

/// x → EPContext → y, with these attributes.
std::string compiled(const std::string &attributes, std::string_view name = "part_0")
{
    return model(graphInput(valueInfo("x", kFloat, {2})) +
                 graphOutput(valueInfo("y", kFloat, {2})) +
                 graphNode(node("EPContext", {"x"}, {"y"},
                                textField(7, "com.microsoft") + attributes, name)));
}

/// The model in a folder in which "model.bin" holds five bytes.
std::shared_ptr<const Graph> loadedWithFile(const std::string &bytes)
{
    const TemporaryFolder folder;
    writeFile(folder / "model_ctx.onnx", bytes);
    writeFile(folder / "model.bin", "12345");
    const auto graph = load(folder / "model_ctx.onnx");
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return graph ? *graph : nullptr;
}

TEST(EpContextTest, EmbeddedDataAreMeasuredAndNotKept)
{
    const auto graph = loadedWithFile(
        compiled(intAttribute("main_context", 1) + intAttribute("embed_mode", 1) +
                 textAttribute("ep_cache_context", std::string(1000, '\xff')) +
                 textAttribute("source", "QNN") + textAttribute("ep_sdk_version", "2.31") +
                 textAttribute("partition_name", "QNN_7_0")));
    ASSERT_TRUE(graph);
    const Node &op = graph->nodes().front();
    EXPECT_EQ(op.placement, "QNN");
    EXPECT_THAT(op.metadata, Contains(Pair("compiled data", "embedded, 1000 bytes")));
    EXPECT_EQ(op.findAttribute("ep_cache_context"), nullptr);
    EXPECT_EQ(std::get<std::string>(op.findAttribute("ep_sdk_version")->data), "2.31");
    EXPECT_EQ(std::get<std::string>(op.findAttribute("partition_name")->data), "QNN_7_0");
    EXPECT_THAT(graph->diagnostics(), IsEmpty());
}

TEST(EpContextTest, AFileBesideTheModelIsNamed)
{
    const auto graph = loadedWithFile(
        compiled(intAttribute("embed_mode", 0) + textAttribute("ep_cache_context", "model.bin") +
                 textAttribute("source", "OpenVINOExecutionProvider")));
    ASSERT_TRUE(graph);
    const Node &op = graph->nodes().front();
    EXPECT_EQ(op.placement, "OpenVINOExecutionProvider");
    EXPECT_THAT(op.metadata, Contains(Pair("compiled data", "model.bin, 5 bytes")));
    EXPECT_THAT(graph->diagnostics(), IsEmpty());
}

TEST(EpContextTest, AFileThatIsMissingOrElsewhereIsSaid)
{
    const auto diagnosticOf = [](const std::string &location) {
        const auto graph = loadedWithFile(
            compiled(intAttribute("embed_mode", 0) + textAttribute("ep_cache_context", location)));
        EXPECT_EQ(graph->diagnostics().size(), 1U);
        EXPECT_EQ(graph->diagnostics().front().where, "part_0");
        return graph->diagnostics().front().text;
    };
    EXPECT_EQ(diagnosticOf("other.bin"), "the file of its compiled data, 'other.bin', is missing");
    EXPECT_THAT(diagnosticOf("../model.bin"), HasSubstr("are not looked at: "));
    EXPECT_THAT(diagnosticOf("/etc/passwd"), HasSubstr("are not looked at: "));
}

TEST(EpContextTest, OpsThatShareTheDataOfAnotherAreNotMissingTheirs)
{
    const auto graph = loadedWithFile(compiled(intAttribute("main_context", 0)));
    ASSERT_TRUE(graph);
    EXPECT_THAT(graph->nodes().front().metadata,
                Contains(Pair("compiled data", "those of the provider's main op")));
    EXPECT_THAT(graph->diagnostics(), IsEmpty());

    const auto alone = loadedWithFile(compiled(""));
    ASSERT_EQ(alone->diagnostics().size(), 1U);
    EXPECT_EQ(alone->diagnostics().front().text, "the op has no compiled data");
}

TEST(EpContextTest, TheProviderIsInTheNameOfThePartitionWhenNothingElseTells)
{
    const std::string data = textAttribute("ep_cache_context", "x");
    const auto placed = [&](const std::string &attributes, std::string_view name) {
        return loadedWithFile(compiled(data + attributes, name))->nodes().front().placement;
    };
    EXPECT_EQ(placed(textAttribute("partition_name", "QNNExecutionProvider_QNN_4242_0"), "n"),
              "QNNExecutionProvider");
    EXPECT_EQ(placed("", "VitisAIExecutionProvider_0"), "VitisAIExecutionProvider");
    EXPECT_EQ(placed("", "n"), "unknown provider");
}

TEST(EpContextTest, DamagedModelsAreReadOrRefused)
{
    const std::string whole =
        compiled(intAttribute("embed_mode", 0) + textAttribute("ep_cache_context", "model.bin") +
                 textAttribute("source", "QNN"));
    const TemporaryFolder folder;
    const auto isLoaded = [&folder](const std::string &bytes) {
        std::filesystem::remove(folder / "m.onnx"); // writing over it waits for the disk
        writeFile(folder / "m.onnx", bytes);
        return static_cast<bool>(load(folder / "m.onnx"));
    };
    for (std::size_t i = 0; i < 200; ++i) {
        isLoaded(whole.substr(0, whole.size() * i / 200));
    }
    std::mt19937 random(5);
    int loaded = 0;
    for (int i = 0; i < 2000; ++i) {
        loaded += isLoaded(damaged(whole, random, 1 + i % 3)) ? 1 : 0;
    }
    EXPECT_GT(loaded, 100);
}

} // namespace
} // namespace syncpoint::test
