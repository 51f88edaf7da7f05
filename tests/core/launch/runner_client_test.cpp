#include "core/launch/runner_client.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace syncpoint {
namespace {
namespace fs = std::filesystem;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

class RunnerClientTest : public ::testing::Test
{
protected:
    RunnerClientTest()
    {
        std::string pattern = (fs::temp_directory_path() / "runner-client-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
    }
    ~RunnerClientTest() override { fs::remove_all(m_folder); }

    Result<RunOutcome> run(const std::string &behaviour, milliseconds timeout = milliseconds{20000},
                           const JobContext &job = {}) const
    {
        RunRequest request;
        request.model = behaviour;
        request.output = output();
        return RunnerClient(MISBEHAVING_RUNNER).run(request, job, timeout);
    }
    std::string failure(const std::string &behaviour,
                        milliseconds timeout = milliseconds{20000}) const
    {
        const auto outcome = run(behaviour, timeout);
        EXPECT_FALSE(outcome);
        EXPECT_TRUE(isClean());
        return outcome ? "" : outcome.error().message;
    }
    fs::path output() const { return m_folder / "run.h5"; }
    /// No file stays behind and no child either, not even as a zombie.
    bool isClean() const { return fs::is_empty(m_folder) && ::waitpid(-1, nullptr, WNOHANG) == -1; }
    fs::path m_folder;
};

TEST_F(RunnerClientTest, GivesTheResultAndTheDump)
{
    const JobContext job;
    const auto outcome = run("good", milliseconds{0}, job);

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->runtime, "fake 1");
    EXPECT_EQ(outcome->samples, 2U);
    EXPECT_EQ(outcome->tensors, 5U);
    ASSERT_EQ(outcome->diagnostics.size(), 1U);
    EXPECT_EQ(outcome->diagnostics[0].where, output().string());
    EXPECT_EQ(job.progress().stage, "capturing");
    EXPECT_EQ(job.progress().done, 3U);
    EXPECT_TRUE(fs::exists(output()));
    EXPECT_EQ(std::distance(fs::directory_iterator(m_folder), {}), 1);
}

TEST_F(RunnerClientTest, PutsTheRewrittenModelBesideTheDump)
{
    ASSERT_TRUE(run("rewrite"));
    EXPECT_TRUE(fs::exists(output().string() + ".onnx"));
}

TEST_F(RunnerClientTest, ACrashNamesTheSignalAndTheModel)
{
    EXPECT_THAT(failure("segfault"),
                HasSubstr("syncpoint-runner was killed by signal 11 (segmentation fault) while "
                          "running segfault"));
}

TEST_F(RunnerClientTest, BeingKilledHintsAtMemory)
{
    EXPECT_THAT(failure("killed"), HasSubstr("memory"));
    EXPECT_THAT(failure("bad-alloc"), HasSubstr("not enough memory"));
}

TEST_F(RunnerClientTest, AHangEndsAtTheTimeout)
{
    EXPECT_THAT(failure("hang", milliseconds{200}), HasSubstr("longer than 0.2 s"));
}

TEST_F(RunnerClientTest, CancellingKillsTheChildWithinATenthOfASecond)
{
    const JobContext job;
    std::chrono::steady_clock::time_point cancelled;
    std::thread user([&] {
        std::this_thread::sleep_for(milliseconds{200});
        cancelled = std::chrono::steady_clock::now();
        job.token().cancel();
    });
    const auto outcome = run("hang-with-child", milliseconds{0}, job);
    const auto ended = std::chrono::steady_clock::now();
    user.join();

    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::Cancelled);
    EXPECT_LT(ended - cancelled, milliseconds{1000}); // 100 ms on a machine that is not loaded
    EXPECT_TRUE(isClean());
}

TEST_F(RunnerClientTest, AFloodOnStandardErrorIsCutToItsLastLines)
{
    const std::string message = failure("flood");

    EXPECT_THAT(message, HasSubstr("exit code 7"));
    EXPECT_THAT(message, HasSubstr("the last straw"));
    EXPECT_LT(message.size(), 4500U);
}

TEST_F(RunnerClientTest, GarbageBreaksTheProtocolAtOnce)
{
    EXPECT_THAT(failure("garbage"), HasSubstr("'hello there' is not a message"));
    EXPECT_THAT(failure("endless-line"), HasSubstr("a line has no end"));
}

TEST_F(RunnerClientTest, EndingWithoutAResultIsAnError)
{
    EXPECT_THAT(failure("quiet-exit"), HasSubstr("ended with exit code 0 and no result"));
}

TEST_F(RunnerClientTest, AnErrorOfTheRunnerKeepsItsCodeAndNamesTheRealOutput)
{
    const auto outcome = run("error");

    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::BadInput);
    EXPECT_EQ(outcome.error().message, "cannot use " + output().string());
}

TEST_F(RunnerClientTest, AChildThatNeverReadsItsInputDoesNotRaiseSigpipe)
{
    ::setenv("MISBEHAVING_RUNNER_IGNORES_INPUT", "1", 1);
    RunRequest request;
    request.model = std::string(4U << 20U, 'x');
    request.output = output();
    const auto outcome = RunnerClient(MISBEHAVING_RUNNER).run(request, {}, milliseconds{20000});
    ::unsetenv("MISBEHAVING_RUNNER_IGNORES_INPUT");

    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().message, HasSubstr("exit code 9"));
}

TEST_F(RunnerClientTest, AMissingProgramOrFolderIsOneSentence)
{
    RunRequest request;
    request.model = "good";
    request.output = output();
    const auto noProgram = RunnerClient(m_folder / "none").run(request, {});
    request.output = m_folder / "none" / "run.h5";
    const auto noFolder = RunnerClient(MISBEHAVING_RUNNER).run(request, {});

    ASSERT_FALSE(noProgram);
    EXPECT_THAT(noProgram.error().message, HasSubstr("cannot start"));
    ASSERT_FALSE(noFolder);
    EXPECT_THAT(noFolder.error().message, HasSubstr("cannot write"));
    EXPECT_TRUE(isClean());
}

TEST(FindRunnerTest, TakesTheVariableWhenNothingIsBesideTheProgram)
{
    const fs::path beside = fs::read_symlink("/proc/self/exe").parent_path() / "syncpoint-runner";
    ::setenv("SYNCPOINT_RUNNER", MISBEHAVING_RUNNER, 1);
    const auto found = RunnerClient::findRunner();
    ::setenv("SYNCPOINT_RUNNER", "/none/at/all", 1);
    const auto wrong = RunnerClient::findRunner();
    ::unsetenv("SYNCPOINT_RUNNER");

    ASSERT_TRUE(found);
    EXPECT_EQ(*found, fs::exists(beside) ? beside : fs::path(MISBEHAVING_RUNNER));
    EXPECT_EQ(bool(wrong), fs::exists(beside));
}
} // namespace
} // namespace syncpoint
