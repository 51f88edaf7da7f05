#include "compare/session/compare_models.h"
#include "core/launch/runner_client.h"
#include "tests/core/formats/test_files.h"

#include <cmath>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

constexpr auto kExample = SYNCPOINT_TEST_DATA "/../../examples/promptseg";

SessionConfig exampleConfig()
{
    const std::filesystem::path folder(kExample);
    SessionConfig config;
    config.baseline.model = folder / "baseline.onnx";
    config.candidate.model = folder / "int4.onnx";
    config.inputs.file = folder / "inputs.npz";
    config.inputs.samples = 2;
    return config;
}

TEST(ReplayTest, PartsOfEveryRegionsErrorAddUp)
{
    const auto result = compareModels(exampleConfig(), {RUNNER, {}, 0}, {});

    ASSERT_TRUE(result) << result.error().message;
    for (std::size_t i = 0; i < (*result)->points.size(); ++i) {
        const PointAttribution &point = (*result)->points[i].attribution;
        ASSERT_EQ(point.level, PointAttribution::Level::Replay) << i << ": " << point.obstacle;
        if (point.introduced) {
            const double sum = *point.introduced + *point.propagated + *point.cross;
            EXPECT_NEAR(sum, *point.nsr, 1e-6 * *point.nsr) << i;
        }
        EXPECT_EQ(point.sampleExcess.size(), 2U);
    }
}

TEST(ReplayTest, HonestFourBitErrorIsNobodysFault)
{
    const auto result = compareModels(exampleConfig(), {RUNNER, {}, 0}, {});

    ASSERT_TRUE(result) << result.error().message;
    const Divergence &divergence = (*result)->divergence;
    EXPECT_EQ(divergence.verdict, Divergence::Verdict::Accumulated);
    EXPECT_NE(divergence.sentence.find("detector.decoder has 1.7 % of the parameters"),
              std::string::npos)
        << divergence.sentence;
    EXPECT_NE(divergence.sentence.find("% to the file"), std::string::npos);
}

TEST(ReplayTest, ACapturedCandidateIsReplayedToo)
{
    auto config = exampleConfig();
    config.attribution = AttributionLevel::Tensors;
    const auto first = compareModels(config, {RUNNER, {}, 0}, {});
    ASSERT_TRUE(first) << first.error().message;
    config.baseline.dump = (*first)->baseline.dump->path;
    config.candidate.dump = (*first)->candidate.dump->path;
    config.attribution = AttributionLevel::Replay;

    const auto second = compareModels(config, {RUNNER, {}, 0}, {});

    ASSERT_TRUE(second) << second.error().message;
    EXPECT_EQ((*second)->points.back().attribution.level, PointAttribution::Level::Replay);
}

TEST(ReplayTest, NothingIsSaidOfTheModelsSizeWhenOnlyADumpIsThere)
{
    auto config = exampleConfig();
    const test::TemporaryFolder folder;
    RunRequest run;
    run.model = *config.candidate.model;
    run.output = folder / "candidate.h5";
    run.inputs = config.inputs;
    ASSERT_TRUE(RunnerClient(RUNNER).run(run, {}));
    config.candidate.dump = run.output;
    config.candidate.model.reset();

    const auto result = compareModels(config, {RUNNER, {}, 0}, {});

    ASSERT_TRUE(result) << result.error().message;
    const std::string &sentence = (*result)->divergence.sentence;
    EXPECT_NE(sentence.find("% of the parameters"), std::string::npos) << sentence;
    EXPECT_EQ(sentence.find("% to the file"), std::string::npos) << sentence;
}

} // namespace
} // namespace syncpoint
