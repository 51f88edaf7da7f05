#include "core/formats/onnx/test_data_loader.h"

#include "core/formats/registry.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"

#include <gtest/gtest.h>
#include <protozero/pbf_writer.hpp>

namespace syncpoint {
namespace {

constexpr std::int64_t kFloat = 1;

std::string tensorFile(const std::string &name, const std::vector<std::int64_t> &dims,
                       const std::vector<float> &values)
{
    std::string text;
    protozero::pbf_writer tensor(text);
    tensor.add_packed_int64(1, dims.begin(), dims.end());
    tensor.add_int64(2, kFloat);
    tensor.add_packed_float(4, values.begin(), values.end());
    tensor.add_string(8, name);
    return text;
}

TEST(OnnxTestDataLoaderTest, EverySetIsASampleWithItsInputsAndOutputs)
{
    const test::TemporaryFolder folder;
    for (const std::string set : {"test_data_set_0", "test_data_set_1"}) {
        std::filesystem::create_directory(folder / set);
        const float value = set.back() == '0' ? 1.0F : 2.0F;
        test::writeFile(folder / (set + "/input_0.pb"), tensorFile("x", {1, 2}, {value, 0}));
        test::writeFile(folder / (set + "/output_0.pb"), tensorFile("", {1}, {value}));
    }
    const auto loader = makeOnnxTestDataLoader();
    FileProbe probe;
    probe.path = folder.path();
    probe.isDirectory = true;
    EXPECT_EQ(loader->probe(probe), ProbeAnswer::Yes);

    const auto dump = loader->load(folder.path(), {});
    ASSERT_TRUE(dump) << dump.error().message;
    ASSERT_EQ((*dump)->samples.size(), 2U);
    const TensorStore &second = *(*dump)->samples[1];
    ASSERT_EQ(second.entries().size(), 2U);
    EXPECT_EQ(second.entries()[0].name, "x");
    EXPECT_EQ(second.entries()[0].kind, TensorEntry::Kind::Input);
    EXPECT_EQ(second.entries()[0].info.shape, (Shape{1, 2}));
    EXPECT_EQ(second.entries()[1].name, "output_0");
    EXPECT_EQ(second.entries()[1].kind, TensorEntry::Kind::Output);
    EXPECT_EQ(decodeAll(second.read(TensorId{1})->view()).value(), std::vector{2.0F});
}

TEST(OnnxTestDataLoaderTest, DamagedFilesAreReportedAndTheOthersStayUsable)
{
    const test::TemporaryFolder folder;
    test::writeFile(folder / "input_0.pb", tensorFile("x", {2}, {1, 2}));
    test::writeFile(folder / "input_1.pb", tensorFile("y", {3}, {1, 2})); // one number is missing
    test::writeFile(folder / "input_2.pb", tensorFile("z", {2}, {1, 2}).substr(0, 5));
    std::mt19937 random(1);
    const auto dump = makeOnnxTestDataLoader()->load(folder.path(), {});
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->samples[0]->entries().size(), 1U);
    EXPECT_EQ((*dump)->diagnostics.size(), 2U);

    for (int i = 0; i < 200; ++i) {
        test::writeFile(folder / "input_0.pb",
                        test::damaged(tensorFile("x", {2}, {1, 2}), random, 2));
        static_cast<void>(makeOnnxTestDataLoader()->load(folder.path(), {})); // must return
    }
}

TEST(OnnxTestDataLoaderTest, AFolderWithoutTensorFilesIsAnError)
{
    const test::TemporaryFolder folder;
    FileProbe probe;
    probe.path = folder.path();
    probe.isDirectory = true;
    EXPECT_EQ(makeOnnxTestDataLoader()->probe(probe), ProbeAnswer::No);
    EXPECT_FALSE(makeOnnxTestDataLoader()->load(folder.path(), {}));
}
TEST(OrtDebugDumpLoaderTest, TensorsHaveTheNamesInsideTheFiles)
{
    const test::TemporaryFolder folder; // synthetic: no dump of ONNX Runtime is at hand
    test::writeFile(folder / "_a_Conv_output.tensorproto",
                    tensorFile("/a/Conv_output", {2}, {1, 2}));
    test::writeFile(folder / "b.tensorproto", tensorFile("", {1}, {3}));
    test::writeFile(folder / "c.tensorproto", tensorFile("c", {4}, {3}));
    const auto dump = loadDump(folder.path(), {});
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->format, "ort-debug-dump");
    const TensorStore &store = *(*dump)->samples.front();
    ASSERT_EQ(store.entries().size(), 2U);
    EXPECT_EQ(store.entries()[0].name, "/a/Conv_output");
    EXPECT_EQ(store.entries()[1].name, "b");
    EXPECT_EQ((*dump)->diagnostics.size(), 1U);
}

} // namespace
} // namespace syncpoint
