#include "compare/session/compare_models.h"

#include "core/formats/hdf5/dump_writer.h"
#include "core/graph/graph_builder.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <limits>
#include <unistd.h>

namespace syncpoint {
namespace {

constexpr auto kExample = SYNCPOINT_TEST_DATA "/../../examples/promptseg";

/// x → Relu → y → Tanh → z, as a dump that carries this graph.
class CompareModelsTest : public ::testing::Test
{
protected:
    CompareModelsTest()
        : folder(std::filesystem::temp_directory_path() /
                 ("syncpoint-compare-" + std::to_string(::getpid())))
    {
        std::filesystem::create_directories(folder);
    }
    ~CompareModelsTest() override
    {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }

    using Values = std::vector<std::pair<std::string, std::vector<float>>>;
    std::filesystem::path dump(const std::string &name, const std::vector<Values> &samples,
                               const std::vector<std::string> &names = {"x", "y", "z"},
                               const std::vector<Values> &plainOutputs = {}) const
    {
        const auto path = folder / name;
        auto writer = DumpWriter::create(path, {"test", name, "", "test 1"}, {}).value();
        write(*writer, &DumpWriter::write, samples);
        write(*writer, &DumpWriter::writePlainOutput, plainOutputs);
        EXPECT_TRUE(writer->writeGraph(*chain(names)));
        EXPECT_TRUE(writer->finish());
        return path;
    }
    template <typename Member>
    static void write(DumpWriter &writer, Member member, const std::vector<Values> &samples)
    {
        for (std::size_t i = 0; i < samples.size(); ++i) {
            for (const auto &[tensorName, values] : samples[i]) {
                const Tensor tensor =
                    Tensor::fromFloats({1, static_cast<std::int64_t>(values.size())}, values);
                TensorEntry entry;
                entry.name = tensorName;
                entry.info = tensor.info();
                EXPECT_TRUE((writer.*member)(i, entry, tensor));
            }
        }
    }
    static std::shared_ptr<const Graph> chain(const std::vector<std::string> &names)
    {
        GraphBuilder builder;
        builder.addInput(builder.mainScope(), builder.localValue(builder.mainScope(), names[0]));
        builder.addNode(names[0] + "_relu", "Relu", {names[0]}, {names[1]});
        builder.addNode(names[0] + "_tanh", "Tanh", {names[1]}, {names[2]});
        builder.addOutput(builder.mainScope(), builder.value(builder.mainScope(), names[2]));
        return builder.build().value();
    }
    static SessionConfig pair(const std::filesystem::path &baseline,
                              const std::filesystem::path &candidate)
    {
        SessionConfig config;
        config.baseline.model = baseline;
        config.candidate.model = candidate;
        return config;
    }
    static const PointResult &pointOf(const ComparisonResult &result, const std::string &value)
    {
        const auto id = result.baseline.graph->findValue(value);
        return result.point(result.alignment.reference[id->index()].point);
    }

    std::filesystem::path folder;
};

TEST_F(CompareModelsTest, ADumpAgainstItselfIsExactEverywhere)
{
    const auto path = dump("a.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {.7F, .9F}}}});

    const auto result = compareModels(pair(path, path), {}, {});

    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ((*result)->coverage.ratio(), 1.0);
    EXPECT_EQ((*result)->divergence.verdict, Divergence::Verdict::None);
    for (const PointResult &point : (*result)->points) {
        EXPECT_EQ(point.overall.state, PairState::Exact);
        EXPECT_EQ(point.severity, Severity::Ok);
    }
}

TEST_F(CompareModelsTest, OutputsAreScoredOnTheRunsWithoutTaps)
{
    const auto a = dump("a.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {0, 1}}}}, {"x", "y", "z"},
                        {{{"z", {0, 1}}}});
    const auto b = dump("b.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {0, 1}}}}, {"x", "y", "z"},
                        {{{"z", {0, 1.1F}}}});

    const auto result = compareModels(pair(a, b), {}, {});

    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(pointOf(**result, "z").overall.state, PairState::Exact);
    ASSERT_EQ((*result)->outputScores.size(), 1U);
    const OutputScore &output = (*result)->outputScores.front();
    EXPECT_TRUE(output.plain);
    EXPECT_NEAR(*output.score.overall.value("max_abs"), 0.1, 1e-6);
    const auto &notes = (*result)->diagnostics;
    const auto note = std::find_if(notes.begin(), notes.end(), [&](const Diagnostic &diagnostic) {
        return diagnostic.where == b.string();
    });
    ASSERT_NE(note, notes.end());
    EXPECT_EQ(note->severity, Diagnostic::Severity::Warning);
    EXPECT_NE(note->text.find("changes 'z' by 20.8 dB SQNR"), std::string::npos) << note->text;
}

TEST_F(CompareModelsTest, WithoutPlainOutputsOfBothSidesTheCapturedOnesAreScored)
{
    const auto a = dump("a.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {0, 1}}}}, {"x", "y", "z"},
                        {{{"z", {0, 1}}}});
    const auto b = dump("b.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {0, 1}}}});

    const auto result = compareModels(pair(a, b), {}, {});

    ASSERT_TRUE(result) << result.error().message;
    ASSERT_EQ((*result)->outputScores.size(), 1U);
    EXPECT_FALSE((*result)->outputScores.front().plain);
    EXPECT_EQ((*result)->outputScores.front().score.overall.state, PairState::Exact);
}

TEST_F(CompareModelsTest, SamplesAreScoredTogetherAndTheWorstIsKept)
{
    const auto a = dump("a.h5", {{{"x", {1, 2}}, {"y", {0, 10}}, {"z", {0, 1}}},
                                 {{"x", {1, 2}}, {"y", {0, 10}}, {"z", {0, 1}}}});
    const auto b = dump("b.h5", {{{"x", {1, 2}}, {"y", {0, 10}}, {"z", {0, 1}}},
                                 {{"x", {1, 2}}, {"y", {1, 11}}, {"z", {0, 1}}}});

    const auto result = compareModels(pair(a, b), {}, {});

    ASSERT_TRUE(result) << result.error().message;
    const PointResult &point = pointOf(**result, "y");
    EXPECT_EQ((*result)->samples, 2U);
    EXPECT_EQ(point.worstSample, 1U);
    EXPECT_NEAR(*point.overall.value("mse"), 0.5, 1e-12);
    EXPECT_NEAR(*point.overall.value("psnr"), 10 * std::log10(100 / 0.5), 1e-9);
    EXPECT_EQ(point.samples[0].state, PairState::Exact);
}

TEST_F(CompareModelsTest, NanOnOneSideIsBadAndCounted)
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const auto a = dump("a.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {0, 1}}}});
    const auto b = dump("b.h5", {{{"x", {1, 2}}, {"y", {1, nan}}, {"z", {0, 1}}}});

    const auto result = compareModels(pair(a, b), {}, {});

    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(pointOf(**result, "y").overall.state, PairState::NonfiniteMismatch);
    EXPECT_EQ(pointOf(**result, "y").severity, Severity::Bad);
}

TEST_F(CompareModelsTest, ATensorThatWasNotCapturedIsNotInvented)
{
    const auto a = dump("a.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {0, 1}}}});
    const auto b = dump("b.h5", {{{"x", {1, 2}}, {"z", {0, 1}}}});

    const auto result = compareModels(pair(a, b), {}, {});

    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(pointOf(**result, "y").status, PointStatus::NoTensor);
    EXPECT_LT((*result)->coverage.ratio(), 1.0);
}

TEST_F(CompareModelsTest, NothingInCommonIsAnErrorNotAPass)
{
    const auto a = dump("a.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {0, 1}}}});
    const auto b = dump("b.h5", {{{"unrelated", {1}}}});

    const auto result = compareModels(pair(a, b), {}, {});

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::BadInput);
    EXPECT_NE(result.error().message.find("a.h5"), std::string::npos);
    EXPECT_NE(result.error().message.find("b.h5"), std::string::npos);
}

TEST_F(CompareModelsTest, AModelCutOutOfTheBaselineIsComparedFromItsInputOn)
{
    const auto whole = dump("a.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {.7F, .9F}}}});
    const auto path = folder / "b.h5";
    auto writer = DumpWriter::create(path, {"test", "", "", "test 1"}, {}).value();
    write(*writer, &DumpWriter::write, {{{"y", {1, 2}}, {"z", {.7F, .8F}}}});
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.localValue(builder.mainScope(), "y"));
    builder.addNode("tanh", "Tanh", {"y"}, {"z"});
    builder.addOutput(builder.mainScope(), builder.value(builder.mainScope(), "z"));
    ASSERT_TRUE(writer->writeGraph(*builder.build().value()));
    ASSERT_TRUE(writer->finish());

    const auto result = compareModels(pair(whole, path), {}, {});

    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(pointOf(**result, "y").overall.state, PairState::Exact);
    EXPECT_EQ(pointOf(**result, "z").overall.state, PairState::Finite);
}

TEST_F(CompareModelsTest, ADumpOfAnotherModelIsRefused)
{
    const auto b = dump("b.h5", {{{"unrelated", {1}}}});
    SessionConfig config = pair(std::filesystem::path(kExample) / "baseline.onnx",
                                std::filesystem::path(kExample) / "int8.onnx");
    config.baseline.dump = b;

    const auto result = compareModels(config, {}, {});

    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("do not belong together"), std::string::npos);
}

TEST_F(CompareModelsTest, CancelledBeforeItStartsItSaysSo)
{
    const auto path = dump("a.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {0, 1}}}});
    const CancelToken token;
    token.cancel();

    const auto result = compareModels(pair(path, path), {}, JobContext(token));

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Cancelled);
}

#ifdef RUNNER
SessionConfig exampleAgainst(const std::string &candidate)
{
    SessionConfig config;
    config.baseline.model = std::filesystem::path(kExample) / "baseline.onnx";
    config.candidate.model = std::filesystem::path(kExample) / candidate;
    config.inputs.file = std::filesystem::path(kExample) / "inputs.npz";
    config.inputs.samples = 1;
    return config;
}

TEST(CompareExampleTest, BaselineAgainstItselfIsExact)
{
    const auto result = compareModels(exampleAgainst("baseline.onnx"), {RUNNER, {}, 0}, {});

    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ((*result)->coverage.ratio(), 1.0);
    for (std::size_t i = 0; i < (*result)->points.size(); ++i) {
        EXPECT_EQ((*result)->points[i].overall.state, PairState::Exact)
            << (*result)->baseline.graph->qualifiedName((*result)->alignment.points[i].reference);
    }
}

TEST(CompareExampleTest, FourBitVariantIsComparedNearlyWholeAndAccumulates)
{
    const auto result = compareModels(exampleAgainst("int4.onnx"), {RUNNER, {}, 0}, {});

    ASSERT_TRUE(result) << result.error().message;
    EXPECT_GE((*result)->coverage.ratio(), 0.95);
    EXPECT_EQ((*result)->profile.name, "int4");
    ASSERT_EQ((*result)->outputs.size(), 1U);
    const double psnr = *(*result)->point((*result)->outputs.front()).overall.value("psnr");
    EXPECT_GT(psnr, 20.0);
    EXPECT_LT(psnr, 35.0);
}

TEST(CompareExampleTest, TheScratchFolderGoesWithTheResult)
{
    const auto root =
        std::filesystem::temp_directory_path() / ("syncpoint-root-" + std::to_string(::getpid()));
    std::filesystem::create_directories(root);
    {
        const auto result = compareModels(exampleAgainst("int8.onnx"), {RUNNER, root, 0}, {});
        ASSERT_TRUE(result) << result.error().message;
        EXPECT_FALSE(std::filesystem::is_empty(root));
    }
    EXPECT_TRUE(std::filesystem::is_empty(root));
    std::filesystem::remove(root);
}
#else
TEST(CompareExampleTest, NeedsTheRunner)
{
    GTEST_SKIP() << "built without ONNX Runtime: models cannot be run";
}
#endif

TEST_F(CompareModelsTest, AnotherMapIsComparedOnTheCapturedTensorsAlone)
{
    const auto a = dump("a.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {.7F, .9F}}}});
    const auto b = dump("b.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {.7F, .8F}}}});
    const auto first = compareModels(pair(a, b), {}, {});
    ASSERT_TRUE(first) << first.error().message;
    SessionConfig config = (*first)->config;
    config.map.forbidden = {{"y", "y"}};
    const auto fresh = compareModels(config, {}, {});
    ASSERT_TRUE(fresh) << fresh.error().message;
    std::filesystem::remove(a);
    std::filesystem::remove(b);

    ASSERT_TRUE(capturesSame(**first, config));
    const auto again = compareCaptured(**first, config, {}, {});

    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ((*again)->baseline.dump, (*first)->baseline.dump);
    EXPECT_EQ((*again)->config.map, config.map);
    ASSERT_EQ((*again)->points.size(), (*fresh)->points.size());
    for (std::size_t i = 0; i < (*fresh)->points.size(); ++i) {
        EXPECT_EQ((*again)->points[i].overall.values, (*fresh)->points[i].overall.values);
    }
    EXPECT_EQ((*again)->diagnostics, (*fresh)->diagnostics);
}

TEST_F(CompareModelsTest, AnErrorNoLargerThanThatOfEqualRunsIsOk)
{
    const auto baseline = [&](const std::string &name, double mse) {
        const auto path = folder / name;
        auto writer = DumpWriter::create(path, {"test", "", "", "test 1"}, {}).value();
        write(*writer, &DumpWriter::write, {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {.7F, .9F}}}});
        NoiseFloor noise;
        noise.runs = 1;
        noise.values["z"] = {0.1, mse};
        EXPECT_TRUE(writer->writeNoise(noise));
        EXPECT_TRUE(writer->writeGraph(*chain({"x", "y", "z"})));
        EXPECT_TRUE(writer->finish());
        return path;
    };
    const auto other = dump("b.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {.7F, .8F}}}});

    const auto noisy = compareModels(pair(baseline("a.h5", 0.0051), other), {}, {});
    const auto quiet = compareModels(pair(baseline("c.h5", 0.0049), other), {}, {});

    ASSERT_TRUE(noisy && quiet);
    EXPECT_TRUE(pointOf(**noisy, "z").isWithinNoise);
    EXPECT_EQ(pointOf(**noisy, "z").severity, Severity::Ok);
    EXPECT_FALSE(pointOf(**noisy, "y").noise);
    EXPECT_FALSE(pointOf(**quiet, "z").isWithinNoise);
    EXPECT_EQ(pointOf(**quiet, "z").severity, Severity::Bad);
}

TEST_F(CompareModelsTest, OtherModelsOrInputsAreNotTheSameCapture)
{
    const auto a = dump("a.h5", {{{"x", {1, 2}}, {"y", {1, 2}}, {"z", {.7F, .9F}}}});
    const auto result = compareModels(pair(a, a), {}, {});
    ASSERT_TRUE(result);
    SessionConfig config = (*result)->config;
    config.metric = "cosine";
    EXPECT_TRUE(capturesSame(**result, config)) << "only scores change";
    config.inputs.seed = 7;
    EXPECT_FALSE(capturesSame(**result, config));
    config = (*result)->config;
    config.candidate.optimize = Optimization::Basic;
    EXPECT_FALSE(capturesSame(**result, config));
}

} // namespace
} // namespace syncpoint
