#include "compare/report/report_tables.h"
#include "compare/report/report_text.h"
#include "compare/report/report_writer.h"
#include "compare/session/conclusions.h"
#include "compare/session/point_measuring.h"
#include "core/graph/graph_builder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace syncpoint {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kHostile = "</script><img src=x onerror=alert(1)>,\"|`\x01\xFF";

/// One op, named as an attacker would; y is what the candidate holds.
Report reportOf(const std::string &opName, const std::vector<float> &reference,
                const std::vector<float> &candidate)
{
    auto result = std::make_shared<ComparisonResult>();
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.localValue(builder.mainScope(), "x"));
    builder.addNode(opName, "Relu", {"x"}, {"y"});
    builder.addOutput(builder.mainScope(), builder.value(builder.mainScope(), "y"));
    const auto graph = builder.build().value();
    const auto side = [&graph](const std::vector<float> &input, const std::vector<float> &values) {
        auto dump = std::make_shared<TensorDump>();
        const Shape shape{1, static_cast<std::int64_t>(values.size())};
        TensorEntry x;
        x.name = "x";
        TensorEntry y;
        y.name = "y";
        dump->samples.push_back(
            std::make_shared<MemoryTensorStore>(std::vector<MemoryTensorStore::Item>{
                {x, Tensor::fromFloats(shape, input)}, {y, Tensor::fromFloats(shape, values)}}));
        ComparedSide out;
        out.path = "model.onnx";
        out.graph = graph;
        out.dump = dump;
        return out;
    };
    result->baseline = side(reference, reference);
    result->candidate = side(reference, candidate);
    result->samples = 1;
    result->profile = *builtinProfile("int8");
    result->alignment = alignGraphs(*graph, *graph, {}, {}).value();
    EXPECT_TRUE(measurePoints(*result, {}));
    EXPECT_TRUE(drawConclusions(*result, {}, {}));
    return buildReport(result, {4});
}

nlohmann::json jsonOf(const Report &report)
{
    return nlohmann::json::parse(renderReport("json", report).value());
}

TEST(JsonWriterTest, KeysAreThoseOfTheSchema)
{
    const auto json = jsonOf(reportOf("op", {0, 1, 2}, {0, 1, 3}));

    EXPECT_EQ(json["schema_version"], 1);
    for (const auto *key :
         {"tool", "baseline", "candidate", "inputs", "settings", "coverage", "sync_points",
          "unmatched", "modules", "outputs", "divergence", "latency", "diagnostics"}) {
        EXPECT_TRUE(json.contains(key)) << key;
    }
    const auto &point = json["sync_points"].back();
    for (const auto *key :
         {"id", "baseline", "candidate", "transform", "match", "status", "state", "severity",
          "metrics", "peak", "attribution", "latency_us", "absorbed"}) {
        EXPECT_TRUE(point.contains(key)) << key;
    }
    EXPECT_EQ(point["baseline"]["value"], "y");
    EXPECT_EQ(point["status"], "compared");
    EXPECT_NEAR(point["metrics"]["mse"].get<double>(), 1.0 / 3.0, 1e-12);
    EXPECT_TRUE(point["attribution"]["source"].is_boolean());
    EXPECT_TRUE(json["divergence"]["suspects"].is_array());
    EXPECT_TRUE(json["latency"]["speedup"].is_null());
}

TEST(JsonWriterTest, ExactPairsHaveNullDecibelsAndTheirState)
{
    const auto json = jsonOf(reportOf("op", {0, 1}, {0, 1}));
    const auto &point = json["sync_points"].back();

    EXPECT_EQ(point["state"], "exact");
    EXPECT_TRUE(point["metrics"]["psnr"].is_null());
    EXPECT_EQ(point["metrics"]["mse"], 0.0);
}

TEST(JsonWriterTest, NamesThatAreNotTextStillGiveValidJson)
{
    EXPECT_NO_THROW(jsonOf(reportOf(kHostile, {0, 1}, {0, 2})));
}

TEST(CsvWriterTest, FieldsWithSeparatorsAreQuoted)
{
    const auto csv = renderReport("csv", reportOf("a,\"b\"", {0, 1}, {0, 1}));

    ASSERT_TRUE(csv);
    EXPECT_THAT(*csv, HasSubstr(",\"a,\"\"b\"\"\","));
    EXPECT_THAT(*csv, HasSubstr(",exact,ok,inf,"));
}

TEST(HtmlWriterTest, HostileNamesStayText)
{
    const auto html = renderReport("html", reportOf(kHostile, {0, 1}, {0, 2}));

    ASSERT_TRUE(html);
    EXPECT_THAT(*html, Not(HasSubstr("<img src=x")));
    EXPECT_THAT(*html, Not(HasSubstr("</script><img")));
    EXPECT_THAT(*html, HasSubstr("&lt;/script&gt;"));
    EXPECT_THAT(*html, Not(HasSubstr("\xFF")));
}

TEST(HtmlWriterTest, PageIsSelfContainedAndShowsPictures)
{
    const auto html = renderReport("html", reportOf("op", {0, 1}, {0, 2}));

    ASSERT_TRUE(html);
    EXPECT_THAT(*html, HasSubstr("data:image/png;base64,iVBOR"));
    EXPECT_THAT(*html, Not(HasSubstr("http://")));
    EXPECT_THAT(*html, Not(HasSubstr("https://")));
    EXPECT_THAT(*html, HasSubstr("prefers-color-scheme"));
}

TEST(MarkdownWriterTest, NamesCannotEndATableCell)
{
    const auto text = renderReport("markdown", reportOf("a|b\n# c", {0, 1}, {0, 2}));

    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("a\\|b # c"));
}

TEST(JunitWriterTest, BadPointsAreFailures)
{
    const auto xml = renderReport("junit", reportOf("op", {0, 1}, {1, 0}));

    ASSERT_TRUE(xml);
    EXPECT_THAT(*xml, HasSubstr("failures=\"1\""));
    EXPECT_THAT(*xml, HasSubstr("<failure type=\"divergence\""));
}

TEST(NodeDataWriterTest, ScoresStandUnderTensorNamesWithTheProfilesLimits)
{
    const Report report = reportOf("op", {0, 1}, {0, 0.5F});
    const auto data = nlohmann::json::parse(*renderReport("node-data", report));

    EXPECT_EQ(data["name"], "PSNR (range), dB");
    EXPECT_EQ(data["results"]["x"]["value"], 160.0); // exact
    EXPECT_NEAR(data["results"]["y"]["value"].get<double>(), 9.03, 0.01);
    EXPECT_EQ(data["thresholds"][0]["value"], 27.0);
    EXPECT_EQ(data["thresholds"][1]["value"], 40.0);
    EXPECT_FALSE(data.contains("gradient")); // would hide the limits
    EXPECT_EQ(nlohmann::json::parse(*renderReport("baseline-node-data", report))["results"],
              data["results"]);
}

TEST(NodeDataWriterTest, MetricsWithoutLimitsGetAGradientFromGoodToBad)
{
    Report report = reportOf("op", {0, 1}, {0, 0.5F});
    auto result = std::make_shared<ComparisonResult>(*report.result);
    result->config.metric = "max_abs";
    const auto data =
        nlohmann::json::parse(*renderReport("node-data", buildReport(std::move(result), {})));

    EXPECT_EQ(data["results"]["x"]["value"], 0.0);
    EXPECT_EQ(data["results"]["y"]["value"], 0.5);
    EXPECT_FALSE(data.contains("thresholds"));
    ASSERT_EQ(data["gradient"].size(), 3U);
    EXPECT_EQ(data["gradient"][0]["stop"], 0.0);
    EXPECT_EQ(data["gradient"][2]["bgColor"], "#c2185b");
}

TEST(SyncNavigationWriterTest, MapsOpsOfBothModels)
{
    const auto mapping =
        nlohmann::json::parse(*renderReport("sync-navigation", reportOf("op", {0, 1}, {0, 0.5F})));

    EXPECT_EQ(mapping["type"], "sync_navigation");
    EXPECT_EQ(mapping["mapping"]["op"], "op");
}

TEST(ExcludeListWriterTest, OnlyOpsThatIntroduceErrorAreListed)
{
    EXPECT_EQ(*renderReport("exclude-list", reportOf("op", {0, 1}, {0, 1})), "");
}

TEST(ExcludeOptionsWriterTest, NamesOpsAsEachQuantizerTakesThem)
{
    const auto options =
        nlohmann::json::parse(*renderReport("exclude-json", reportOf("op", {0, 1}, {0, 0.5F})));

    const auto &ops = options["onnxruntime"]["nodes_to_exclude"];
    ASSERT_EQ(ops.size(), 1U);
    EXPECT_EQ(options["tensorrt"]["layerPrecisions"][0], ops[0].get<std::string>() + ":fp32");
    EXPECT_EQ(options["tflite"]["denylisted_nodes"].size(), 1U);
}

std::vector<ReportCell> firstModuleOf(const ComparisonResult &result)
{
    for (const ReportTable &table : buildTables(result)) {
        if (table.id == "modules") {
            return table.rows.front();
        }
    }
    return {};
}

TEST(ReportTablesTest, ModulesShowTheTimesOfBothSidesAndTheSpeedUp)
{
    ComparisonResult result = *reportOf("relu", {1.0F, 2.0F}, {1.0F, 2.0F}).result;
    ASSERT_FALSE(result.modules.empty());
    result.modules.front().baselineMicroseconds = 30.0;
    result.modules.front().candidateMicroseconds = 20.0;
    const auto timed = firstModuleOf(result);
    result.modules.front().candidateMicroseconds.reset();
    const auto untimed = firstModuleOf(result);

    ASSERT_GE(timed.size(), 3U);
    EXPECT_EQ(timed[timed.size() - 3].text, "30.0 µs");
    EXPECT_EQ(timed[timed.size() - 2].text, "20.0 µs");
    EXPECT_EQ(timed.back().text, "1.50×");
    EXPECT_FALSE(untimed.back().sortKey);
}

TEST(ReportTextTest, ElidedTextKeepsWholeCharacters)
{
    const std::string text = "ääääääääääääääääääää";
    const std::string shorter = elided(text, 17);

    EXPECT_LT(shorter.size(), text.size());
    EXPECT_EQ(escapeMarkup(shorter), shorter); // no broken sequence was replaced
}

} // namespace
} // namespace syncpoint
