#include "core/formats/raw/qnn_net.h"
#include "core/formats/raw/raw_loaders.h"
#include "core/formats/registry.h"
#include "core/graph/graph.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/npy/npy_bytes.h"
#include "tests/core/formats/test_files.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// No tool's own file is at hand: QNN's and TensorRT's are synthetic, after their documentation.
namespace syncpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kManifest =
    R"({"tensors":{"a":{"file":"a.raw","dtype":"float32","shape":[2],"kind":"output"},)"
    R"("b":{"file":"b.npy","dtype":"bfloat16","shape":[1,2]},)"
    R"("q":{"file":"q.raw","dtype":"int8","shape":[2],"scale":[0.5],"zero_point":[1]}}})";

void writeRawFiles(const std::filesystem::path &folder)
{
    writeFile(folder / "a.raw", rawBytes(std::vector<float>{1, 2}));
    writeFile(folder / "b.npy", npyBytes(npyHeaderText("<V2", "(2,)"),
                                         rawBytes(std::vector<std::uint16_t>{0x3F80, 0x4000})));
    writeFile(folder / "q.raw", rawBytes(std::vector<std::int8_t>{1, 5}));
}

std::vector<float> valuesOf(const TensorStore &store, std::string_view name)
{
    const auto id = store.find(name);
    const auto tensor = id ? store.read(*id) : Result<Tensor>(Error{ErrorCode::BadInput, "absent"});
    return tensor ? decodeAll(tensor->view()).value() : std::vector<float>();
}

TEST(RawManifestTest, FilesAreWhatTheManifestSays)
{
    const TemporaryFolder folder;
    writeRawFiles(folder.path());
    writeFile(folder / "manifest.json", kManifest);
    const auto dump = loadDump(folder.path(), {});
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->format, "raw-manifest");
    const TensorStore &store = *(*dump)->samples.front();
    EXPECT_EQ(store.entry(TensorId{0}).kind, TensorEntry::Kind::Output);
    EXPECT_THAT(valuesOf(store, "a"), ElementsAre(1, 2));
    EXPECT_THAT(valuesOf(store, "b"), ElementsAre(1, 2)); // NumPy could not name the type
    EXPECT_THAT(valuesOf(store, "q"), ElementsAre(0, 2));
}

TEST(RawManifestTest, FilesOfAnotherSizeThatAreMissingOrOutsideAreNotUsed)
{
    const TemporaryFolder folder;
    writeRawFiles(folder.path());
    for (const auto &[description, why] :
         {std::pair{R"({"file":"a.raw","dtype":"float16","shape":[2]})", "needs 4"},
          {R"({"file":"c.raw","dtype":"float16","shape":[2]})", "missing"},
          {R"({"file":"../a.raw","dtype":"float32","shape":[2]})", "outside"},
          {R"({"file":"a.raw","dtype":"float33","shape":[2]})", "no usable type"},
          {R"({"file":"a.raw","dtype":"float32","shape":[4294967296,4294967296]})",
           "no usable type"}}) {
        writeFile(
            folder / "manifest.json",
            std::string(R"({"tensors":{"q":{"file":"q.raw","dtype":"int8","shape":[2]},"x":)") +
                description + "}}");
        const auto dump = loadDump(folder.path(), {});
        ASSERT_TRUE(dump) << dump.error().message;
        ASSERT_EQ((*dump)->diagnostics.size(), 1U);
        EXPECT_EQ((*dump)->diagnostics[0].where, "x");
        EXPECT_THAT((*dump)->diagnostics[0].text, HasSubstr(why));
    }
}

const std::string kNet =
    R"({"graph":{"tensors":{"7":{"id":1,"type":0,"dims":[2],"data_type":562},)"
    R"("y/out":{"id":2,"type":1,"dims":[2],"data_type":"0x0408",)"
    R"("quant_params":{"definition":1,"encoding":0,"scale_offset":{"scale":0.5,"offset":-2}}}},)"
    R"("nodes":{"relu":{"package":"qti.aisw","type":"Relu","input_names":["7"],"output_names":["y/out"]}}}})";

void writeQnnFiles(const std::filesystem::path &folder)
{
    for (const char *result : {"Result_0", "Result_10", "Result_2"}) {
        std::filesystem::create_directories(folder / result);
        writeFile(folder / result / "_7.raw", rawBytes(std::vector<float>{1, 2}));
        writeFile(folder / result / "y_out_native.raw", rawBytes(std::vector<std::uint8_t>{2, 4}));
    }
}

TEST(QnnTest, ResultsAreSamplesWithTheGraphOfTheNet)
{
    const TemporaryFolder folder;
    writeQnnFiles(folder.path());
    writeFile(folder / "model_net.json", kNet);
    const auto dump = loadDump(folder.path(), {});
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->format, "qnn");
    ASSERT_EQ((*dump)->samples.size(), 3U);
    EXPECT_THAT(valuesOf(*(*dump)->samples[0], "7"), ElementsAre(1, 2));
    EXPECT_THAT(valuesOf(*(*dump)->samples[0], "y/out"), ElementsAre(0, 1)); // dequantized
    const Graph &graph = *(*dump)->graph;
    ASSERT_EQ(graph.nodes().size(), 1U);
    EXPECT_EQ(graph.nodes()[0].opType, "Relu");
    EXPECT_EQ(graph.mainScope().inputs.size(), 1U);
    EXPECT_EQ(graph.mainScope().outputs.size(), 1U);
}

const std::string kTensorRt =
    R"([{"name":"y","dimensions":"1x2","values":[1.5,NaN]},{"name":"s","dimensions":"","values":[3]}])";

TEST(TensorRtOutputTest, OutputsHaveTheirDimensions)
{
    const TemporaryFolder folder;
    writeFile(folder / "out.json", kTensorRt);
    const auto dump = loadDump(folder / "out.json", {});
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->format, "tensorrt-output");
    const TensorStore &store = *(*dump)->samples.front();
    EXPECT_EQ(store.entry(TensorId{0}).info.shape, (Shape{1, 2}));
    EXPECT_TRUE(std::isnan(valuesOf(store, "y")[1]));
    EXPECT_THAT(valuesOf(store, "s"), ElementsAre(3));
}

/// Damages `text` in many ways, each in a folder of its own: writing one file over and over makes
/// some file systems wait for the disk. Returns how many loaded.
int loadedOfDamaged(const TensorLoader &loader, const std::string &text, const std::string &name,
                    void (*writeOthers)(const std::filesystem::path &), bool loadsFolder)
{
    std::mt19937 random(19);
    const TemporaryFolder folder;
    int loaded = 0;
    for (int i = 0; i < 2200; ++i) {
        const auto inside = folder.path() / std::to_string(i);
        std::filesystem::create_directory(inside);
        if (writeOthers != nullptr) {
            writeOthers(inside);
        }
        const auto at = static_cast<std::size_t>(i);
        writeFile(inside / name, i < 200 ? text.substr(0, at * text.size() / 200)
                                         : damaged(text, random, 1 + i % 5));
        loaded += loader.load(loadsFolder ? inside : inside / name, {}) ? 1 : 0;
        std::filesystem::remove_all(inside);
    }
    return loaded;
}

TEST(RawManifestTest, DamagedManifestsAreReadOrRefused)
{
    EXPECT_GT(
        loadedOfDamaged(*makeManifestLoader(), kManifest, "manifest.json", writeRawFiles, true),
        100);
}

TEST(QnnTest, TensorsOfUnknownTypesAreNeitherInputsNorOutputs)
{
    for (const char *type : {"0.5", "1e300", "\"x\"", "-1"}) {
        std::string net = kNet;
        net.replace(net.find("\"type\":0") + 7, 1, type);
        const TemporaryFolder folder;
        writeFile(folder / "model_net.json", net);
        const auto read = raw::readQnnNet(folder / "model_net.json");
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_TRUE(read->graph->mainScope().inputs.empty()) << type;
    }
}

TEST(QnnTest, DamagedNetsAreReadOrRefused)
{
    EXPECT_GT(loadedOfDamaged(*makeQnnLoader(), kNet, "model_net.json", writeQnnFiles, true), 100);
}

TEST(TensorRtOutputTest, DamagedFilesAreReadOrRefused)
{
    EXPECT_GT(loadedOfDamaged(*makeTensorRtOutputLoader(), kTensorRt, "o.json", nullptr, false),
              50);
}

} // namespace
} // namespace syncpoint::test
