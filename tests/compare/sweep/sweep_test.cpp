#include "compare/sweep/compared_rows.h"
#include "compare/sweep/sweep_json.h"
#include "compare/sweep/sweep_overview.h"
#include "compare/sweep/sweep_table.h"
#include "tests/core/formats/test_files.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

// Reports of möbius are synthetic, after the scripts that write them; comparison_results.json is
// one that it published.
namespace syncpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SweepOverview sweepOf(const TemporaryFolder &folder, const std::string &json)
{
    writeFile(folder / "quantization_summary.json", json);
    auto overview = readSweep(folder / "quantization_summary.json");
    EXPECT_TRUE(overview) << overview.error().message;
    return overview ? *std::move(overview) : SweepOverview();
}

const SweepRow &rowOf(const SweepOverview &overview, const std::string &variant,
                      const std::string &component = "")
{
    const auto found =
        std::find_if(overview.rows.begin(), overview.rows.end(), [&](const SweepRow &row) {
            return row.variant == variant && row.component == component;
        });
    static const SweepRow none;
    EXPECT_NE(found, overview.rows.end()) << variant << ' ' << component;
    return found == overview.rows.end() ? none : *found;
}

constexpr auto kComponents = R"({
 "baseline": {"components": {
  "encoder": {"quality": 1.0, "latency_ms": 25.5, "size_bytes": 1200.0, "size_mb": 0.0011,
              "compression_ratio": 1.0, "compile_ms": 812.5},
  "joint_decision": {"acc": 1.0, "latency_ms": 2.15, "size_mb": 2.0}}},
 "int8-linear": {"components": {
  "encoder": {"quality": 0.963, "latency_ms": 27.0, "size_bytes": 600.0, "max_abs": 0.25,
              "compile_ms": NaN},
  "joint_decision": {"acc": 0.995, "latency_ms": 1.96, "size_mb": 1.0}}}})";

TEST(MobiusReportTest, VariantsOfComponentsBecomeRowsWithTheirBaselinesFirst)
{
    const TemporaryFolder folder;
    const SweepOverview overview = sweepOf(folder, kComponents);
    EXPECT_EQ(overview.source, "möbius");
    ASSERT_EQ(overview.rows.size(), 4U);
    EXPECT_TRUE(overview.rows[0].isBaseline && overview.rows[1].isBaseline);
    const SweepRow &row = rowOf(overview, "int8-linear", "encoder");
    EXPECT_EQ(row.bytes, 600U);
    EXPECT_EQ(row.latency, 27000.0);
    ASSERT_TRUE(row.quality);
    EXPECT_EQ(row.quality->measure, "1 − relative L2 error");
    EXPECT_EQ(row.quality->value, 0.963);
    EXPECT_THAT(row.facts,
                testing::Contains(std::pair<std::string, std::string>("max abs", "0.25")));
    const SweepRow *baseline = baselineOf(overview, row);
    ASSERT_NE(baseline, nullptr);
    EXPECT_EQ(baseline->latency, 25500.0);
    EXPECT_EQ(rowOf(overview, "int8-linear", "joint_decision").quality->measure, "equal decisions");
    EXPECT_EQ(rowOf(overview, "int8-linear", "joint_decision").bytes, 1048576U);
}

TEST(MobiusReportTest, SizesAloneOfVariantsAndTheirBaselineAreEnough)
{
    const TemporaryFolder folder;
    const SweepOverview overview = sweepOf(folder, R"({
     "int8": {"encoder": {"size_mb": 2.0, "baseline_mb": 4.0, "compression_ratio": 2.0}},
     "6bit": {"encoder": {"size_mb": 1.5, "baseline_mb": 4.0, "compression_ratio": 2.67}}})");
    ASSERT_EQ(overview.rows.size(), 3U);
    EXPECT_EQ(rowOf(overview, "baseline", "encoder").bytes, std::uint64_t{4} << 20U);
    EXPECT_EQ(rowOf(overview, "6bit", "encoder").bytes, 1572864U);
    EXPECT_FALSE(rowOf(overview, "int8", "encoder").latency);
    EXPECT_FALSE(rowOf(overview, "int8", "encoder").quality);
}

TEST(MobiusReportTest, TheTypeInTheNameOfASizeIsTheVariant)
{
    const TemporaryFolder folder;
    const SweepOverview overview = sweepOf(folder, R"({
     "parakeet_encoder": {"original_mb": 1120.0, "int8_mb": 560.5, "compression": 2.0}})");
    ASSERT_EQ(overview.rows.size(), 2U);
    EXPECT_EQ(rowOf(overview, "int8", "parakeet_encoder").bytes, 587726848U);
    EXPECT_TRUE(rowOf(overview, "baseline", "parakeet_encoder").isBaseline);
}

TEST(MobiusReportTest, AListOfVariantsKeepsTheOnesThatFailed)
{
    const TemporaryFolder folder;
    const SweepOverview overview = sweepOf(folder, R"({
     "_meta": {"host": "M4", "latency_ms": 1},
     "baseline": {"size_bytes": 100.0, "latency_ms": 5.0, "quality": 1.0},
     "variants": {"int4": {"error": "ValueError: no int4"},
                  "int8": {"size_bytes": 50.0, "latency_ms": 4.0, "quality_norm_l2": 0.9}}})");
    ASSERT_EQ(overview.rows.size(), 3U);
    EXPECT_EQ(rowOf(overview, "int4").error, "ValueError: no int4");
    EXPECT_EQ(rowOf(overview, "int8").quality->value, 0.9);
    EXPECT_THAT(sweepTable(overview).columns.back().title, "problem");
}

TEST(MobiusReportTest, PublishedComparisonIsRead)
{
    const auto overview = readSweep(dataFile("coreml/comparison_results.json"));
    ASSERT_TRUE(overview) << overview.error().message;
    const SweepRow &row = rowOf(*overview, "palette_4bit", "standard");
    EXPECT_EQ(row.quality->measure, "MSE");
    EXPECT_FALSE(row.quality->higherIsBetter);
    EXPECT_NEAR(*row.quality->value, 0.00885, 1e-5);
    EXPECT_EQ(row.bytes, 182458U);
    EXPECT_NEAR(*row.latency, 2096.0, 0.1);
    EXPECT_EQ(baselineOf(*overview, row)->variant, "original");
    EXPECT_EQ(qualityTitle(*overview), "MSE");
}

TEST(MobiusReportTest, MetadataGivesPackagesAndWhatTheirValidationMeasured)
{
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "enc.mlpackage");
    writeFile(folder / "enc.mlpackage/weights", "12345");
    writeFile(folder / "metadata.json", R"({
     "model_id": "m", "coreml": {"compute_precision": "FLOAT16"},
     "components": {"encoder": {"path": "enc.mlpackage", "inputs": {}},
                    "decoder": {"path": "../secret.mlpackage"}},
     "validation": {"components": {"encoder": {
       "encoder": {"max_abs": 0.0054, "max_rel": 2.0, "match": true}, "length_match": true,
       "latency": {"torch_ms": {"mean": 1030.5, "std": 1.0}, "coreml_ms": {"mean": 25.44}}}}}})");
    const auto overview = readSweep(folder.path());
    ASSERT_TRUE(overview) << overview.error().message;
    const SweepRow &row = rowOf(*overview, "FLOAT16", "encoder");
    EXPECT_EQ(row.model.filename(), "enc.mlpackage");
    EXPECT_EQ(row.bytes, 5U);
    EXPECT_EQ(row.latency, 25440.0);
    EXPECT_EQ(row.quality->value, 0.0054);
    EXPECT_EQ(rowOf(*overview, "PyTorch", "encoder").latency, 1030500.0);
    EXPECT_TRUE(rowOf(*overview, "FLOAT16", "decoder").model.empty()); // out of the folder
}

TEST(MobiusReportTest, PackagesBesideTheReportMakeAPairToOpen)
{
    const TemporaryFolder folder;
    for (const char *package :
         {"float/p_encoder.mlpackage", "sweep/int8-linear/p_encoder.mlpackage"}) {
        std::filesystem::create_directories(folder / package);
    }
    writeFile(folder / "float/metadata.json",
              R"({"components": {"encoder": {"path": "p_encoder.mlpackage"}}})");
    writeFile(folder / "sweep/quantization_summary.json", std::string(kComponents));
    const auto overview = readSweep(folder / "sweep");
    ASSERT_TRUE(overview) << overview.error().message;
    const auto pair = comparisonOf(*overview, rowOf(*overview, "int8-linear", "encoder"));
    ASSERT_TRUE(pair);
    EXPECT_EQ(pair->baseline.model->parent_path().filename(), "float");
    EXPECT_EQ(pair->candidate.model->parent_path().filename(), "int8-linear");
    EXPECT_FALSE(comparisonOf(*overview, rowOf(*overview, "int8-linear", "joint_decision")));
    EXPECT_FALSE(comparisonOf(*overview, rowOf(*overview, "baseline", "encoder")));
}

TEST(SweepTest, OtherFilesAreRefusedWithASentence)
{
    const TemporaryFolder folder;
    for (const char *json :
         {"{}", "[]", "3", R"({"a": {"b": {"c": 1}}})", R"({"kind": "sweep"})"}) {
        writeFile(folder / "a.json", json);
        const auto overview = readSweep(folder / "a.json");
        ASSERT_FALSE(overview) << json;
        EXPECT_THAT(overview.error().message, HasSubstr("this is no sweep"));
    }
    writeFile(folder / "a.json", "{");
    EXPECT_FALSE(readSweep(folder / "a.json"));
    EXPECT_FALSE(readSweep(folder / "missing.json"));
}

TEST(SweepTest, DamagedReportsAreErrorsOrRead)
{
    const TemporaryFolder folder;
    std::mt19937 random(1);
    const std::string whole = kComponents;
    for (std::size_t i = 0; i < 200; ++i) {
        writeFile(folder / "a.json", whole.substr(0, whole.size() * i / 200));
        EXPECT_FALSE(readSweep(folder / "a.json"));
    }
    for (int i = 0; i < 2000; ++i) {
        writeFile(folder / "a.json", damaged(whole, random, 1 + i % 4));
        static_cast<void>(readSweep(folder / "a.json"));
    }
}

/// As `sweep` fills it.
SweepOverview ownSweep(const TemporaryFolder &folder)
{
    SweepOverview overview;
    overview.source = "Syncpoint";
    overview.config.baseline.model = folder / "float.onnx";
    overview.config.inputs.seed = 7;
    SweepRow baseline = baselineRow(folder / "float.onnx", nullptr);
    baseline.bytes = 4000;
    SweepRow row = failedRow(folder / "broken.onnx", {ErrorCode::BadFormat, "cut off"});
    SweepRow good;
    good.variant = "int8.onnx";
    good.model = folder / "int8.onnx";
    good.bytes = 1000;
    good.latency = 12.5;
    good.coverage = 0.75;
    good.quality = SweepQuality{"PSNR (range)", "dB", 39.2, true};
    good.worst = SweepQuality{"PSNR (range)", "dB", 20.0, true};
    good.worstAt = "conv1";
    good.outputs = {{"masks", 39.2, 28.5}};
    SweepRow exact;
    exact.variant = "same.onnx";
    exact.model = folder / "same.onnx";
    exact.quality = SweepQuality{"PSNR (range)", "dB", std::nullopt, true};
    overview.rows = {baseline, good, exact, row};
    return overview;
}

TEST(SweepTest, OurOwnSweepReadsBackToTheSameTableAndPairs)
{
    const TemporaryFolder folder;
    const SweepOverview before = ownSweep(folder);
    writeFile(folder / "sweep.json", sweepJson(before, folder.path()));
    const auto after = readSweep(folder / "sweep.json");
    ASSERT_TRUE(after) << after.error().message;
    const ReportTable expected = sweepTable(before);
    const ReportTable table = sweepTable(*after);
    ASSERT_EQ(table.columns.size(), expected.columns.size());
    ASSERT_EQ(table.rows.size(), expected.rows.size());
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        for (std::size_t j = 0; j < table.columns.size(); ++j) {
            EXPECT_EQ(table.rows[i][j].text, expected.rows[i][j].text);
            EXPECT_EQ(table.rows[i][j].sortKey, expected.rows[i][j].sortKey);
        }
    }
    const auto pair = comparisonOf(*after, after->rows[1]);
    ASSERT_TRUE(pair);
    EXPECT_EQ(*pair->baseline.model, folder / "float.onnx");
    EXPECT_EQ(*pair->candidate.model, folder / "int8.onnx");
    EXPECT_EQ(pair->inputs.seed, 7U);
}

TEST(SweepTest, DocumentKeepsTheKeysOfEarlierVersions)
{
    const TemporaryFolder folder;
    const auto json = nlohmann::json::parse(sweepJson(ownSweep(folder), folder.path()));
    EXPECT_EQ(json["schema_version"], 1);
    const auto &variant = json["variants"][0];
    EXPECT_EQ(variant["path"], "int8.onnx");
    EXPECT_EQ(variant["model"], "int8.onnx"); // relative to the document
    EXPECT_EQ(variant["bytes"], 1000);
    EXPECT_EQ(variant["latency_p50_us"], 12.5);
    EXPECT_EQ(variant["outputs"][0]["psnr"], 39.2);
    EXPECT_EQ(variant["worst"]["node"], "conv1");
    EXPECT_TRUE(json["variants"][1]["quality"]["exact"]);
    EXPECT_TRUE(json["variants"][1]["worst"].is_null());
    EXPECT_EQ(json["variants"][2]["error"], "cut off");
}

TEST(SweepTableTest, SaysWhatIsUnknownAndNamesMixedMeasures)
{
    SweepOverview overview;
    SweepRow row;
    row.variant = "a";
    overview.rows.push_back(row);
    ReportTable table = sweepTable(overview);
    std::vector<std::string> titles;
    for (const auto &column : table.columns) {
        titles.push_back(column.title);
    }
    EXPECT_THAT(titles, ElementsAre("variant", "size", "latency", "quality"));
    EXPECT_EQ(table.rows[0][1].text, "–");
    EXPECT_FALSE(table.rows[0][1].sortKey);

    row.quality = SweepQuality{"MSE", "", 0.5, false};
    overview.rows.push_back(row);
    row.quality = SweepQuality{"equal decisions", "", 0.5, true};
    overview.rows.push_back(row);
    table = sweepTable(overview);
    EXPECT_EQ(table.rows[1][3].text, "0.5 (MSE)");
}

TEST(SweepTableTest, NamesVariantsWithoutWhatAllOfThemShare)
{
    SweepOverview overview;
    const auto add = [&overview](const std::string &path) {
        SweepRow row;
        row.variant = path;
        row.model = path;
        overview.rows.push_back(row);
    };
    add("models/float.onnx");
    add("models/int8.onnx");
    EXPECT_THAT(variantNames(overview), ElementsAre("float", "int8"));
    add("models/int8.tflite");
    EXPECT_THAT(variantNames(overview), ElementsAre("float.onnx", "int8.onnx", "int8.tflite"));
    add("others/int8.onnx");
    EXPECT_THAT(variantNames(overview), ElementsAre("models/float.onnx", "models/int8.onnx",
                                                    "models/int8.tflite", "others/int8.onnx"));
    overview.rows.erase(overview.rows.begin() + 2);
    EXPECT_THAT(variantNames(overview),
                ElementsAre("models/float.onnx", "models/int8.onnx", "others/int8.onnx"));
}

} // namespace
} // namespace syncpoint::test
