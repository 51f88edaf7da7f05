#include "compare/session/compare_models.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace syncpoint {
namespace {

/// A folder of this test's own, removed with it.
class SessionFileTest : public ::testing::Test
{
protected:
    SessionFileTest()
        : folder(std::filesystem::temp_directory_path() /
                 ("syncpoint-session-" + std::to_string(::getpid())))
    {
        std::filesystem::create_directories(folder / "models");
    }
    ~SessionFileTest() override
    {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    std::filesystem::path write(const std::string &text) const
    {
        const auto path = folder / "written.syncpoint";
        std::ofstream(path) << text;
        return path;
    }
    std::string errorOf(const std::string &text) const
    {
        const auto session = readSession(write(text));
        return session ? "" : session.error().message;
    }

    std::filesystem::path folder;
};

SessionConfig fullConfig(const std::filesystem::path &folder)
{
    SessionConfig config;
    config.baseline = {folder / "models/a.onnx", std::nullopt, Optimization::Extended, "cpu", {}};
    config.candidate = {
        folder / "models/b.onnx", folder / "b.h5", Optimization::None, "cpu", {folder / "npu.csv"}};
    config.inputs.file = folder / "inputs.npz";
    config.inputs.perInput["x"] = {InputFill::Kind::Number, 2.5, {}};
    config.inputs.perInput["y"] = {InputFill::Kind::File, 0.0, folder / "y.npy"};
    config.inputs.fallback.range = {-1.0, 0.5};
    config.inputs.pictures = {
        {0.5}, {0.1, 0.2, 0.3}, PictureSettings::Layout::Nhwc, PictureSettings::Fit::Crop};
    config.inputs.shapes["x"] = {1, 3, 8, 8};
    config.inputs.seed = 7;
    config.inputs.samples = 3;
    config.inputs.useFallback = false;
    config.map.pairs = {{"a", "b"}};
    config.map.forbidden = {{"c", "d"}};
    config.map.renames = {{"^x_", ""}};
    config.metric = "sqnr";
    config.settings.peak = {Peak::Mode::Fixed, 255.0};
    config.settings.atol = 1e-6;
    config.settings.withKl = true;
    config.profile = "custom";
    config.customProfile = ThresholdProfile{"custom", "sqnr", 50.0, 20.0};
    config.attribution = AttributionLevel::None;
    config.minCoverage = 0.5;
    config.repeat = 10;
    config.repeatCapture = 3;
    config.warmup = 2;
    config.sourceFolders = {folder / "src"};
    return config;
}

TEST_F(SessionFileTest, RoundTripKeepsEverything)
{
    const SessionFile session{fullConfig(folder), R"({"zoom":2})"};
    const auto path = folder / "a.syncpoint";

    ASSERT_TRUE(writeSession(path, session));
    const auto read = readSession(path);

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->config, session.config);
    EXPECT_EQ(read->view, session.view);
}

TEST_F(SessionFileTest, PathsAreRelativeToTheFileSoThatAFolderCanMove)
{
    const auto path = folder / "a.syncpoint";
    ASSERT_TRUE(writeSession(path, {fullConfig(folder), "{}"}));
    const auto moved = folder / "elsewhere";
    std::filesystem::create_directories(moved);
    std::filesystem::rename(path, moved / "a.syncpoint");

    const auto read = readSession(moved / "a.syncpoint");

    ASSERT_TRUE(read);
    EXPECT_EQ(read->config.baseline.model, moved / "models/a.onnx");
}

TEST_F(SessionFileTest, UnknownMembersAreNamed)
{
    EXPECT_NE(errorOf(R"({"format":"syncpoint-session","version":1,
        "session":{"baseline":{"model":"a","colour":1},"candidate":{"model":"b"}}})")
                  .find("'baseline.colour' is not known"),
              std::string::npos);
}

TEST_F(SessionFileTest, WrongTypesAndMissingSidesAreNamed)
{
    EXPECT_NE(errorOf(R"({"format":"syncpoint-session","version":1,
        "session":{"baseline":{"model":3},"candidate":{"model":"b"}}})")
                  .find("'baseline.model' must be a string"),
              std::string::npos);
    EXPECT_NE(errorOf(R"({"format":"syncpoint-session","version":1,"session":{}})")
                  .find("'baseline' is missing"),
              std::string::npos);
    EXPECT_NE(errorOf(R"({"format":"syncpoint-session","version":2})").find("version 1"),
              std::string::npos);
    EXPECT_NE(errorOf("[]").find("not a JSON object"), std::string::npos);
}

} // namespace
} // namespace syncpoint
