#include "core/placement/importer.h"
#include "tests/core/formats/test_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// No tool's own file is at hand: all reports are synthetic, after the tools' documentation.
namespace syncpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<std::vector<PlacementRow>> load(const std::string &text)
{
    const TemporaryFolder folder;
    writeFile(folder / "report", text);
    return loadPlacementRows(folder / "report");
}

const std::string kOrtProfile =
    R"([{"cat":"Session","pid":1,"ts":0,"dur":9,"ph":"X","name":"model_run","args":{}},
{"cat":"Node","pid":1,"dur":4,"ts":1,"ph":"X","name":"/a/Conv_kernel_time","args":{"provider":"CPUExecutionProvider"}},
{"cat":"Node","pid":1,"dur":2,"ts":1,"ph":"X","name":"/a/Relu_kernel_time","args":{"provider":"QNNExecutionProvider"}},
{"cat":"Session","pid":1,"ts":0,"dur":9,"ph":"X","name":"model_run","args":{}},
{"cat":"Node","pid":1,"dur":4,"ts":1,"ph":"X","name":"/a/Conv_ker)";

const std::string kComputePlan =
    R"({"modelID":"m","infos":[{"deviceUsage":{"supported":[{"cpu":{}},{"gpu":{}}],"preferred":{"neuralEngine":{"totalCoreCount":16}}},)"
    R"("estimatedCost":0.25,"path":{"components":[{"program":{}},{"programOperation":{"data":{"outputName":"y_cast"}}}]}},)"
    R"({"deviceUsage":null,"estimatedCost":null,"path":{"components":[{"neuralNetworkLayer":{"data":{"name":"conv"}}}]}}]})";

const std::string kTensorRtLayers =
    "{\"Layers\":[{\"Name\":\"__myl_Fc_1\",\"TacticName\":\"sm80\",\"Metadata\":"
    "\"[ONNX Layer: /a/Conv]\\u001f[ONNX Layer: /a/Relu]\"},{\"Name\":\"/b/Conv + /b/Relu\"},"
    "\"plain\"],\"Bindings\":[]}";
const std::string kTensorRtProfile =
    R"([{"count":10},{"name":"__myl_Fc_1","timeMs":5,"averageMs":0.5,"medianMs":0.4,"percentage":12.5}])";

const std::string kTfliteProfile =
    "============================== Run Order ==============================\n"
    "node type, first, avg_ms, %, cdf%, mem KB, times called, name\n"
    "CONV_2D, 0.03, 0.040, 25%, 25%, 0, 1, [net/conv/Relu;net/conv/Conv2D]:0\n"
    "TfLiteXNNPackDelegate, 0.1, 0.1, 75%, 100%, 0, 1, [a, b]:3\n"
    "\n==================== Top by Computation Time ====================\n"
    "node type, first, avg_ms, %, cdf%, mem KB, times called, name\n"
    "CONV_2D, 0.03, 0.040, 25%, 25%, 0, 1, [net/conv/Relu;net/conv/Conv2D]:0\n";

const std::string kOpenVino =
    R"(<?xml version="1.0"?><net name="m" version="11"><layers>)"
    R"(<layer id="0" name="c&amp;1" type="Convolution"><data execOrder="1" execTimeMcs="42" originalLayersNames="/a/Conv,/a/Relu" primitiveType="jit_avx2_FP32"/></layer>)"
    R"(<layer id="1" name="dead" type="Reorder"><data execTimeMcs="not_executed" originalLayersNames="" primitiveType="ref"/></layer></layers></net>)";

const std::string kXcode =
    "Operation Name,Type,Compute Unit,Supported Compute Units,Cost,Median Time (ms)\n"
    "\"conv, first\",conv,Neural Engine,CPU;GPU;Neural Engine,12.5%,0.25\n";

const std::string kPlainCsv = "op,ran_on,supported_by,excluded,reason,time_us,cost,estimated\n"
                              "/a/Conv,npu,npu;cpu,true,\"said, so\",41.5,0.5,true\n,,,,,,,\n";
const std::string kPlainJson =
    R"({"placement":[{"op":"k","ops":["a","b"],"ran_on":"npu","supported_by":["npu","cpu"],)"
    R"("excluded":true,"reason":"r","time_us":3,"cost":0.5,"estimated":true},{"ops":["c"]},3,{}]})";

TEST(PlacementImportersTest, OrtProfilesGiveTimeAndProviderEvenWhenTheyWereCutOff)
{
    const auto rows = load(kOrtProfile);
    ASSERT_TRUE(rows) << rows.error().message;
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ((*rows)[0].placement.kernel, "/a/Conv");
    EXPECT_EQ((*rows)[0].placement.microseconds, 4.0);
    EXPECT_EQ((*rows)[1].placement.ranOn, "QNNExecutionProvider");
    EXPECT_FALSE((*rows)[0].placement.isEstimate);
}

TEST(PlacementImportersTest, ComputePlansGivePreferredAndSupportedUnitsAndAnEstimate)
{
    const auto rows = load(kComputePlan);
    ASSERT_TRUE(rows) << rows.error().message;
    ASSERT_EQ(rows->size(), 2U);
    const OpPlacement &op = (*rows)[0].placement;
    EXPECT_EQ(op.kernel, "y_cast");
    EXPECT_EQ(op.ranOn, "neuralEngine");
    EXPECT_THAT(op.supportedBy, ElementsAre("cpu", "gpu"));
    EXPECT_EQ(op.cost, 0.25);
    EXPECT_TRUE(op.isEstimate);
    EXPECT_EQ((*rows)[1].placement.kernel, "conv");
    EXPECT_EQ((*rows)[1].placement.ranOn, "");
}

TEST(PlacementImportersTest, TensorRtLayersNameTheOnnxOpsOfAKernelAndTheProfileItsTime)
{
    const auto layers = load(kTensorRtLayers);
    ASSERT_TRUE(layers) << layers.error().message;
    ASSERT_EQ(layers->size(), 3U);
    EXPECT_THAT((*layers)[0].names, ElementsAre("/a/Conv", "/a/Relu"));
    EXPECT_THAT((*layers)[1].names, ElementsAre("/b/Conv", "/b/Relu"));
    EXPECT_THAT((*layers)[2].names, IsEmpty());
    const auto profile = load(kTensorRtProfile);
    ASSERT_TRUE(profile) << profile.error().message;
    ASSERT_EQ(profile->size(), 1U);
    EXPECT_EQ((*profile)[0].placement.microseconds, 400.0);
    EXPECT_EQ((*profile)[0].placement.cost, 0.125);
}

TEST(PlacementImportersTest, TfliteProfilesGiveEveryOpOnceAndItsDelegate)
{
    const auto rows = load(kTfliteProfile);
    ASSERT_TRUE(rows) << rows.error().message;
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_THAT((*rows)[0].names, ElementsAre("net/conv/Relu;net/conv/Conv2D"));
    EXPECT_DOUBLE_EQ(*(*rows)[0].placement.microseconds, 40.0);
    EXPECT_EQ((*rows)[0].placement.cost, 0.25);
    EXPECT_EQ((*rows)[0].placement.ranOn, "CPU");
    EXPECT_EQ((*rows)[1].placement.ranOn, "TfLiteXNNPackDelegate");
    EXPECT_THAT((*rows)[1].names, ElementsAre("a", "b"));
}

TEST(PlacementImportersTest, OpenVinoGraphsGiveTheOriginalOpsOfALayer)
{
    const auto rows = load(kOpenVino);
    ASSERT_TRUE(rows) << rows.error().message;
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ((*rows)[0].placement.kernel, "c&1");
    EXPECT_THAT((*rows)[0].names, ElementsAre("/a/Conv", "/a/Relu"));
    EXPECT_EQ((*rows)[0].placement.microseconds, 42.0);
    EXPECT_EQ((*rows)[0].placement.reason, "jit_avx2_FP32");
    EXPECT_FALSE((*rows)[1].placement.microseconds);
    EXPECT_EQ((*rows)[1].placement.reason, "not executed");
}

TEST(PlacementImportersTest, XcodeReportsAreReadByTheTitlesOfTheirColumns)
{
    const auto rows = load(kXcode);
    ASSERT_TRUE(rows) << rows.error().message;
    ASSERT_EQ(rows->size(), 1U);
    const OpPlacement &op = (*rows)[0].placement;
    EXPECT_EQ(op.kernel, "conv, first");
    EXPECT_EQ(op.ranOn, "Neural Engine");
    EXPECT_THAT(op.supportedBy, ElementsAre("CPU", "GPU", "Neural Engine"));
    EXPECT_EQ(op.cost, 0.125);
    EXPECT_EQ(op.microseconds, 250.0);
}

TEST(PlacementImportersTest, TablesOfOnesOwnAreReadAsCsvAndJson)
{
    const auto csv = load(kPlainCsv);
    ASSERT_TRUE(csv) << csv.error().message;
    ASSERT_EQ(csv->size(), 1U);
    const auto json = load(kPlainJson);
    ASSERT_TRUE(json) << json.error().message;
    ASSERT_EQ(json->size(), 2U);
    EXPECT_THAT((*json)[0].names, ElementsAre("a", "b"));
    for (const OpPlacement &op : {(*csv)[0].placement, (*json)[0].placement}) {
        EXPECT_EQ(op.ranOn, "npu");
        EXPECT_THAT(op.supportedBy, ElementsAre("npu", "cpu"));
        EXPECT_TRUE(op.isExcluded);
        EXPECT_TRUE(op.isEstimate);
        EXPECT_EQ(op.cost, 0.5);
    }
    EXPECT_EQ((*csv)[0].placement.reason, "said, so");
    EXPECT_EQ((*json)[1].placement.kernel, "c");
}

TEST(PlacementImportersTest, OtherFilesAreNamedAndRefused)
{
    for (const char *text : {"", "{}", "a,b,c\n1,2,3\n", "<net></net>", "[]"}) {
        const auto rows = load(text);
        ASSERT_FALSE(rows) << text;
        EXPECT_THAT(rows.error().message, HasSubstr("report: not a report on placement"));
    }
}

TEST(PlacementImportersTest, DamagedReportsAreReadOrRefused)
{
    std::mt19937 random(13);
    const TemporaryFolder folder;
    int files = 0;
    int loaded = 0;
    const auto read = [&](const std::string &text) {
        // Writing one file over and over makes some file systems wait for the disk.
        const auto path = folder / std::to_string(++files);
        writeFile(path, text);
        const bool isLoaded = static_cast<bool>(loadPlacementRows(path));
        std::filesystem::remove(path);
        return isLoaded ? 1 : 0;
    };
    for (const std::string &whole : {kOrtProfile, kComputePlan, kTensorRtLayers, kTensorRtProfile,
                                     kTfliteProfile, kOpenVino, kXcode, kPlainCsv, kPlainJson}) {
        for (std::size_t at = 0; at < 200; ++at) {
            loaded += read(whole.substr(0, at * whole.size() / 200));
        }
        for (int i = 0; i < 2000; ++i) {
            loaded += read(damaged(whole, random, 1 + i % 5));
        }
    }
    EXPECT_GT(loaded, 1000);
}

} // namespace
} // namespace syncpoint::test
