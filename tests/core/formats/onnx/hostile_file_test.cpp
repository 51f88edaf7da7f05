#include "tests/core/formats/onnx/onnx_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::HasSubstr;

namespace {
/// A model with every kind of message, small enough to be damaged thousands of times.
std::string richModel()
{
    const std::string branch =
        graphNode(node("Relu", {"x"}, {"b"})) + graphOutput(valueInfo("b", kFloat, {1}));
    return model(
        initializer(floats("w", {2, 1, 1, 1}, {1.0F, 2.0F})) + initializer(int64s("s", {1, -1})) +
            initializer(floats("scale", {2}, {0.5F, 0.25F})) +
            initializer(tensor("zero", kInt8, {2}, "\1\2")) +
            graphInput(valueInfo("x", kFloat, {1, 1, 4, 4})) +
            graphOutput(valueInfo("y", kFloat, {-1, -1})) +
            graphNode(node("Conv", {"x", "w"}, {"c"},
                           intsAttribute("strides", {2, 2}) + intsAttribute("pads", {0, 0, 0, 0}),
                           "/net/conv/Conv")) +
            graphNode(node("QuantizeLinear", {"c", "scale", "zero"}, {"q"})) +
            graphNode(node("DequantizeLinear", {"q", "scale", "zero"}, {"d"})) +
            graphNode(node("Reshape", {"d", "s"}, {"r"})) +
            graphNode(node("If", {"r"}, {"i"},
                           graphAttribute("then_branch", branch) +
                               graphAttribute("else_branch", branch))) +
            graphNode(node("F", {"i"}, {"y"}, textField(7, "local") + intAttribute("k", 2))),
        textField(25, textField(1, "F") + textField(10, "local") + textField(4, "a") +
                          textField(5, "b") +
                          textField(7, node("Split", {"a"}, {"b"}, intAttribute("axis", 0)))));
}

std::string nestedSubgraphs(int depth)
{
    std::string graph = graphNode(node("Relu", {"x"}, {"y"}));
    for (int i = 0; i < depth; ++i) {
        graph = graphNode(node("If", {"x"}, {"y"}, graphAttribute("then_branch", graph)));
    }
    return model(graph);
}
} // namespace

TEST(HostileOnnxTest, TheRichModelItselfLoads)
{
    const auto graph = loadBytes(richModel());
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_EQ((*graph)->nodes().size(), 8U);
}

TEST(HostileOnnxTest, EveryTruncationIsAnErrorOrALoad)
{
    const std::string whole = richModel();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto graph = loadBytes(whole.substr(0, length));
        if (!graph) {
            EXPECT_FALSE(graph.error().message.empty());
        }
    }
}

TEST(HostileOnnxTest, TruncatedRealModelsNameThePlace)
{
    const std::string whole = readFile(dataFile("onnx/silero_vad_16k_op15.onnx"));
    for (std::size_t part = 1; part < 40; ++part) {
        const auto graph = loadBytes(whole.substr(0, whole.size() * part / 40));
        ASSERT_FALSE(graph);
        EXPECT_EQ(graph.error().code, ErrorCode::BadFormat);
        EXPECT_THAT(graph.error().message, HasSubstr("byte"));
    }
}

TEST(HostileOnnxTest, RandomDamageNeverCrashes)
{
    std::mt19937 random(1);
    const TemporaryFolder folder;
    const std::vector<std::string> wholes{richModel(), readFile(dataFile("onnx/loop.onnx")),
                                          readFile(dataFile("onnx/nested_local_function.onnx")),
                                          readFile(dataFile("onnx/qdq_conv.onnx")),
                                          readFile(dataFile("onnx/scan.onnx"))};
    int loaded = 0;
    for (int i = 0; i < 2000; ++i) {
        const std::string &whole = wholes[static_cast<std::size_t>(i) % wholes.size()];
        writeFile(folder / "model.onnx", damaged(whole, random, 1 + i % 5));
        loaded += load(folder / "model.onnx") ? 1 : 0;
    }
    EXPECT_GT(loaded, 200); // many a flip hits weights or names only
}

TEST(HostileOnnxTest, OtherFilesAreNotOnnx)
{
    std::mt19937 random(2);
    std::string noise(10'000, '\0');
    for (char &byte : noise) {
        byte = static_cast<char>(random());
    }
    for (const std::string &content :
         {std::string("Just some text.\n"), noise, std::string("\x89HDF\r\n\x1a\n"),
          std::string("PK\x03\x04"), std::string(100, '\0'), std::string("{\"a\": 1}")}) {
        const auto graph = loadBytes(content);
        ASSERT_FALSE(graph);
        EXPECT_EQ(graph.error().code, ErrorCode::BadFormat);
        EXPECT_THAT(graph.error().message, HasSubstr("not an ONNX model"));
    }
    EXPECT_THAT(loadBytes("").error().message, HasSubstr("empty"));
    EXPECT_EQ(load("/nonexistent/a.onnx").error().code, ErrorCode::Io);
}

TEST(HostileOnnxTest, ErrorsNameNodeAndAttribute)
{
    const std::string damagedAttribute =
        textField(5, textField(1, "pads") + varint((8U << 3U) | 2U) + "\x7F");
    const auto graph =
        loadBytes(model(graphNode(node("Conv", {"x"}, {"y"}, damagedAttribute, "conv1"))));
    ASSERT_FALSE(graph);
    // A node is known by the name it has told before the damage; here the name comes first.
    EXPECT_THAT(graph.error().message, HasSubstr("node 0 'conv1': attribute 0 'pads': damaged"));
}

TEST(HostileOnnxTest, DeepSubgraphsHitALimit)
{
    EXPECT_TRUE(loadBytes(nestedSubgraphs(60)));
    const auto graph = loadBytes(nestedSubgraphs(1000));
    ASSERT_FALSE(graph);
    EXPECT_EQ(graph.error().code, ErrorCode::Limit);
}

TEST(HostileOnnxTest, ACycleIsAnErrorThatNamesAnOp)
{
    const auto graph = loadBytes(model(graphNode(node("Relu", {"b"}, {"a"}, {}, "one")) +
                                       graphNode(node("Relu", {"a"}, {"b"}, {}, "two"))));
    ASSERT_FALSE(graph);
    EXPECT_THAT(graph.error().message, HasSubstr("cycle"));
}

TEST(HostileOnnxTest, SenselessAttributesGiveNoShapeButLoad)
{
    for (const std::string &attributes :
         {intsAttribute("strides", {0, 0}), intsAttribute("strides", {-1, INT64_MIN}),
          intsAttribute("pads", {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}),
          intsAttribute("dilations", {INT64_MAX, INT64_MAX}), intsAttribute("strides", {1})}) {
        for (const char *op : {"Conv", "ConvTranspose", "MaxPool"}) {
            const auto graph = loadBytes(
                model(initializer(floats("w", {1, 1, 1, 1}, {1.0F})) +
                      graphInput(valueInfo("x", kFloat, {1, 1, 4, 4})) +
                      graphNode(node(op, {"x", "w"}, {"y"},
                                     attributes + intsAttribute("kernel_shape", {2, 2})))));
            ASSERT_TRUE(graph) << graph.error().message;
        }
    }
}

TEST(HostileOnnxTest, NewerVersionsAreOnlyNoted)
{
    const auto graph = loadBytes(
        model(graphNode(node("Relu", {"x"}, {"y"})) + graphInput(valueInfo("x", kFloat, {1})), {},
              99, 999));
    ASSERT_TRUE(graph);
    EXPECT_EQ((*graph)->diagnostics().size(), 2U);
}

TEST(HostileOnnxTest, StopsWhenCancelled)
{
    const JobContext job;
    job.token().cancel();
    const auto graph = makeOnnxLoader()->load(dataFile("onnx/residual_block.onnx"), job);
    ASSERT_FALSE(graph);
    EXPECT_EQ(graph.error().code, ErrorCode::Cancelled);
}

TEST(HostileOnnxTest, ProbesByContentAndByName)
{
    const TemporaryFolder folder;
    writeFile(folder / "a.bin", richModel());
    writeFile(folder / "b.bin", "text");
    writeFile(folder / "c.onnx", "text");
    const auto loader = makeOnnxLoader();
    EXPECT_NE(loader->probe(*FileProbe::of(folder / "a.bin")), ProbeAnswer::No);
    EXPECT_EQ(loader->probe(*FileProbe::of(folder / "b.bin")), ProbeAnswer::No);
    EXPECT_NE(loader->probe(*FileProbe::of(folder / "c.onnx")), ProbeAnswer::No);
    EXPECT_EQ(loader->probe(*FileProbe::of(folder.path())), ProbeAnswer::No);
}

} // namespace syncpoint::test
