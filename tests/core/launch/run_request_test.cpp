#include "core/launch/run_request.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {
using ::testing::HasSubstr;

RunRequest fullRequest()
{
    RunRequest request;
    request.model = "a \"b\"/model.onnx";
    request.output = "out.h5";
    request.inputs.file = "inputs.npz";
    request.inputs.perInput["x"] = {InputFill::Kind::Number, -1.5, {}};
    request.inputs.perInput["y"] = {InputFill::Kind::File, 0.0, "y.npy"};
    request.inputs.perInput["z"].range = {-0.5, 2.0};
    request.inputs.fallback.kind = InputFill::Kind::Ones;
    request.inputs.pictures = {
        {0.5}, {0.1, 0.2, 0.3}, PictureSettings::Layout::Nhwc, PictureSettings::Fit::Crop};
    request.inputs.twins["own"] = {"other", 1};
    request.inputs.useFallback = false;
    request.inputs.seed = UINT64_MAX;
    request.inputs.samples = 3;
    request.inputs.shapes["x"] = {1, 3, 224, 224};
    request.inputs.shapes["scalar"] = {};
    request.optimize = Optimization::Extended;
    request.capture = false;
    request.standalone = false;
    request.plainOutputs = false;
    request.only = "^conv";
    request.warmup = 2;
    request.repeat = 50;
    request.repeatCapture = 3;
    request.threads = 4;
    request.gzip = 9;
    request.memoryLimit = std::uint64_t{1} << 40U;
    request.keepPartial = true;
    return request;
}

std::string errorOf(const std::string &json)
{
    const auto request = runRequestFromJson(json);
    return request ? "" : request.error().message;
}

TEST(RunRequestTest, SurvivesJson)
{
    const RunRequest sent = fullRequest();
    const auto got = runRequestFromJson(toJson(sent));

    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->model, sent.model);
    EXPECT_EQ(got->output, sent.output);
    EXPECT_EQ(got->inputs, sent.inputs);
    EXPECT_EQ(got->optimize, sent.optimize);
    EXPECT_EQ(got->capture, sent.capture);
    EXPECT_EQ(got->standalone, sent.standalone);
    EXPECT_EQ(got->plainOutputs, sent.plainOutputs);
    EXPECT_EQ(got->only, sent.only);
    EXPECT_EQ(got->warmup, sent.warmup);
    EXPECT_EQ(got->repeat, sent.repeat);
    EXPECT_EQ(got->repeatCapture, sent.repeatCapture);
    EXPECT_EQ(got->threads, sent.threads);
    EXPECT_EQ(got->gzip, sent.gzip);
    EXPECT_EQ(got->memoryLimit, sent.memoryLimit);
    EXPECT_EQ(got->keepPartial, sent.keepPartial);
}

TEST(RunRequestTest, NumbersThatJsonLacksSurvive)
{
    for (const double number : {HUGE_VAL, -HUGE_VAL, std::nan("")}) {
        RunRequest request = fullRequest();
        request.inputs.fallback = {InputFill::Kind::Number, number, {}};
        const auto got = runRequestFromJson(toJson(request));

        ASSERT_TRUE(got) << got.error().message;
        EXPECT_EQ(std::isnan(got->inputs.fallback.number), std::isnan(number));
        EXPECT_TRUE(std::isnan(number) || got->inputs.fallback.number == number);
    }
}

TEST(RunRequestTest, ANameThatIsNotUtf8DoesNotThrow)
{
    RunRequest request = fullRequest();
    request.model = "\xff\xfe.onnx";

    EXPECT_TRUE(runRequestFromJson(toJson(request)));
}

TEST(RunRequestTest, MistakesAreNamed)
{
    EXPECT_THAT(errorOf("{"), HasSubstr("not JSON"));
    EXPECT_THAT(errorOf("[]"), HasSubstr("not an object"));
    EXPECT_THAT(errorOf("{}"), HasSubstr("'model'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","modle":1})"), HasSubstr("'modle'"));
    EXPECT_THAT(errorOf(R"({"model":1,"output":"b"})"), HasSubstr("'model' is not a string"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","repeat":-1})"), HasSubstr("'repeat'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","gzip":10})"), HasSubstr("'gzip'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","capture":1})"), HasSubstr("'capture'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","optimize":"max"})"), HasSubstr("'max'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","inputs":3})"), HasSubstr("'inputs'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","inputs":{"fallback":"red"}})"),
                HasSubstr("'fallback'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","inputs":{"per_input":{"x":{}}}})"),
                HasSubstr("input 'x'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","inputs":{"fallback":{"random":[1,0]}}})"),
                HasSubstr("'fallback'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","inputs":{"pictures":{"fit":"tile"}}})"),
                HasSubstr("'fit'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","inputs":{"pictures":{"mean":["a"]}}})"),
                HasSubstr("'mean'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","inputs":{"twins":{"x":{"nam":"y"}}}})"),
                HasSubstr("twin of input 'x'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","inputs":{"per_input":[]}})"),
                HasSubstr("'per_input'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","inputs":{"shapes":{"x":[1,-1]}}})"),
                HasSubstr("shape of input 'x'"));
    EXPECT_THAT(errorOf(R"({"model":"a","output":"b","inputs":{"shapes":
                        {"x":[1000000000000,1000000000000]}}})"),
                HasSubstr("too many elements"));
}

TEST(RunRequestTest, DeepNestingIsRefusedWithoutExhaustingTheStack)
{
    EXPECT_FALSE(runRequestFromJson(std::string(1U << 20U, '[')));
    const std::string half(1U << 20U, '[');
    EXPECT_FALSE(runRequestFromJson(half + std::string(1U << 20U, ']')));
}

TEST(OptimizationTest, NamesGoBothWays)
{
    for (const auto level :
         {Optimization::None, Optimization::Basic, Optimization::Extended, Optimization::All}) {
        const auto back = optimizationFromName(std::string(optimizationName(level)));
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, level);
    }
    EXPECT_FALSE(optimizationFromName("most"));
}
} // namespace
} // namespace syncpoint
