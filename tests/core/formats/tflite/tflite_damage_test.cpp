#include "tests/core/formats/tflite/tflite_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::HasSubstr;

namespace {
/// Every kind of table: bodies, blockwise and per-channel scales, signatures, metadata, strings.
std::string richModel()
{
    TfliteTensorSpec blocked{"enc/w", {2, 4}, 17, "\x21\x43\x21\x43"};
    blocked.blocks = {3, -1, 2};
    const TfliteSubgraphSpec main{"main",
                                  {{"x", {1, 4}},
                                   blocked,
                                   {"enc/fc/y;enc/fc/bias", {1, 2}},
                                   {"scales", {2, 2}, 0, rawBytes<float>({1.0F, 2.0F, 0.5F, 4.0F})},
                                   {"enc/b", {2}, 9, "\1\2", {0.5F, 2.0F}, {0, 1}},
                                   {"z", {1, 2}},
                                   {"text", {1}, 5, rawBytes<std::int32_t>({1, 12, 15}) + "one"}},
                                  {{9, {0, 1, 4}, {2}, 8, {1}}, {118, {2, 6}, {5}, 92, {1, 1}}},
                                  {0},
                                  {5}};
    const TfliteSubgraphSpec body{
        "body", {{"x", {1, 2}}, {"y", {1, 2}}}, {{17, {0}, {1}, 5, {0, 2, 2}}}, {0}, {1}};
    return written({{main, body},
                    {{"serve", 0, {{"in", 0}}, {{"out", 5}}}},
                    {{"min_runtime_version", "1.5.0"}, {"debug_metadata", std::string(64, '\1')}}});
}

std::vector<std::string> wholes()
{
    return {richModel(), readFile(dataFile("tflite/branching_conv_fc.tflite")),
            readFile(dataFile("tflite/hello_world_int8.tflite"))};
}
} // namespace

TEST(DamagedTfliteTest, TheRichModelItselfLoads)
{
    const auto graph = loadTfliteBytes(richModel());
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_EQ((*graph)->nodes().size(), 4U);
}

TEST(DamagedTfliteTest, EveryTruncationIsAnErrorOrALoad)
{
    for (const std::string &whole : wholes()) {
        for (std::size_t part = 0; part < 200; ++part) {
            const auto graph = loadTfliteBytes(whole.substr(0, whole.size() * part / 200));
            if (!graph) {
                EXPECT_EQ(graph.error().code, ErrorCode::BadFormat);
                EXPECT_FALSE(graph.error().message.empty());
            }
        }
    }
}

TEST(DamagedTfliteTest, RandomDamageNeverCrashes)
{
    std::mt19937 random(1);
    const TemporaryFolder folder;
    const auto models = wholes();
    int loaded = 0;
    for (int i = 0; i < 2000; ++i) {
        const std::string &whole = models[static_cast<std::size_t>(i) % models.size()];
        // Writing one file over and over makes some file systems wait for the disk.
        const auto path = folder / std::to_string(i);
        writeFile(path, damaged(whole, random, 1 + i % 5));
        loaded += loadTflite(path) ? 1 : 0;
        std::filesystem::remove(path);
    }
    EXPECT_GT(loaded, 200); // many a flip hits weights or names only
}

TEST(DamagedTfliteTest, ListsSharedManyTimesHitALimit)
{
    // One long list of operands for thousands of ops: a file of half a megabyte that asks for
    // gigabytes.
    flatbuffers::FlatBufferBuilder out;
    const auto inputs = out.CreateVector(std::vector<std::int32_t>(100'000, 0));
    tflite::OperatorBuilder builder(out);
    builder.add_inputs(inputs);
    const auto op = builder.Finish();
    const auto ops =
        out.CreateVector(std::vector<flatbuffers::Offset<tflite::Operator>>(5'000, op));
    const auto code = tflite::CreateOperatorCode(out, 19, 0, 1, 19);
    const auto codes = out.CreateVector(&code, 1);
    const auto tensor = tflite::CreateTensor(out, 0, 0, 0, out.CreateString("x"));
    const auto tensors = out.CreateVector(&tensor, 1);
    const auto graph = tflite::CreateSubGraph(out, tensors, 0, 0, ops);
    const auto graphs = out.CreateVector(&graph, 1);
    tflite::FinishModelBuffer(out, tflite::CreateModel(out, 3, codes, graphs));
    const auto loaded =
        loadTfliteBytes({reinterpret_cast<const char *>(out.GetBufferPointer()), out.GetSize()});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::Limit);
}

TEST(DamagedTfliteTest, OtherFilesAreNotTflite)
{
    for (const std::string &content :
         {std::string("text"), std::string(100, '\0'), std::string("PK\x03\x04 and so on")}) {
        const auto graph = loadTfliteBytes(content);
        ASSERT_FALSE(graph);
        EXPECT_EQ(graph.error().code, ErrorCode::BadFormat);
        EXPECT_THAT(graph.error().message, HasSubstr("not a TensorFlow Lite model"));
    }
    EXPECT_EQ(loadTflite("/nonexistent/a.tflite").error().code, ErrorCode::Io);
}

TEST(DamagedTfliteTest, StopsWhenCancelled)
{
    const JobContext job;
    job.token().cancel();
    const auto graph = makeTfliteLoader()->load(dataFile("tflite/branching_conv_fc.tflite"), job);
    ASSERT_FALSE(graph);
    EXPECT_EQ(graph.error().code, ErrorCode::Cancelled);
}

TEST(DamagedTfliteTest, ProbesByContentAndByName)
{
    const TemporaryFolder folder;
    writeFile(folder / "a.bin", richModel());
    writeFile(folder / "b.bin", "text");
    writeFile(folder / "c.tflite", "text");
    const auto loader = makeTfliteLoader();
    EXPECT_EQ(loader->probe(*FileProbe::of(folder / "a.bin")), ProbeAnswer::Yes);
    EXPECT_EQ(loader->probe(*FileProbe::of(folder / "b.bin")), ProbeAnswer::No);
    EXPECT_EQ(loader->probe(*FileProbe::of(folder / "c.tflite")), ProbeAnswer::Maybe);
    EXPECT_EQ(loader->probe(*FileProbe::of(folder.path())), ProbeAnswer::No);
}

} // namespace syncpoint::test
