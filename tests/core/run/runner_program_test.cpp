// The real syncpoint-runner through the real client, on the bundled example.
#include "core/formats/registry.h"
#include "core/launch/runner_client.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/run/tiny_model.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace syncpoint {
namespace {
namespace fs = std::filesystem;
const fs::path kExample = fs::path(SYNCPOINT_TEST_DATA) / "../../examples/promptseg";

RunRequest exampleRequest(const fs::path &output)
{
    RunRequest request;
    request.model = kExample / "baseline.onnx";
    request.output = output;
    request.inputs.file = kExample / "inputs.npz";
    request.inputs.samples = 1;
    return request;
}

/// A dump of the whole example that says it is partial, and nothing beside it in its folder.
void expectPartial(const fs::path &path, const std::string &reason)
{
    const auto dump = loadDump(path, {});
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->samples.front()->entries().size(), 283U);
    EXPECT_TRUE((*dump)->graph);
    ASSERT_EQ((*dump)->diagnostics.size(), 1U);
    EXPECT_THAT((*dump)->diagnostics[0].text, ::testing::HasSubstr(reason));
    EXPECT_EQ(std::distance(fs::directory_iterator(path.parent_path()), {}), 1);
}

TEST(RunnerProgramTest, RunningTwiceGivesTheSameTensors)
{
    const test::TemporaryFolder folder;
    const RunnerClient client(RUNNER);
    const auto first = client.run(exampleRequest(folder / "a.h5"), {});
    const auto second = client.run(exampleRequest(folder / "b.h5"), {});
    ASSERT_TRUE(first) << first.error().message;
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_EQ(first->tensors, 283U);

    const auto a = loadDump(folder / "a.h5", {}).value()->samples.front();
    const auto b = loadDump(folder / "b.h5", {}).value()->samples.front();
    ASSERT_EQ(a->entries().size(), 283U);
    ASSERT_EQ(b->entries().size(), 283U);
    for (std::size_t i = 0; i < a->entries().size(); ++i) {
        const auto twin = b->find(a->entries()[i].name);
        ASSERT_TRUE(twin);
        const Tensor left = a->read(TensorId{i}).value();
        const Tensor right = b->read(*twin).value();
        EXPECT_TRUE(std::ranges::equal(left.bytes(), right.bytes())) << a->entries()[i].name;
    }
}

TEST(RunnerProgramTest, PeakMemoryIsTheRunnersOwn)
{
    constexpr std::size_t kParents = std::size_t{512}
                                     << 20U; // more than a runner under a sanitizer takes
    const std::vector<char> held(kParents, 'x');
    const test::TemporaryFolder folder;
    const auto outcome = RunnerClient(RUNNER).run(exampleRequest(folder / "a.h5"), {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_GT(outcome->peakMemory, std::size_t{20} << 20U);
    EXPECT_LT(outcome->peakMemory, held.size());
}

TEST(RunnerProgramTest, AnErrorComesThroughWithItsCode)
{
    const test::TemporaryFolder folder;
    auto request = exampleRequest(folder / "a.h5");
    request.inputs.samples = 9;
    const auto outcome = RunnerClient(RUNNER).run(request, {});

    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::BadInput);
    EXPECT_THAT(outcome.error().message, ::testing::HasSubstr("9 samples were asked for"));
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(RunnerProgramTest, AFullDiskIsOneSentenceAndLeavesNothing)
{
    const test::TemporaryFolder folder;
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{std::size_t{1} << 20U, before.rlim_max}; // the dump takes more than 10 MB
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto outcome = RunnerClient(RUNNER).run(exampleRequest(folder / "a.h5"), {});
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);

    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::Io);
    EXPECT_THAT(outcome.error().message,
                ::testing::HasSubstr("cannot be written (File too large)"));
    EXPECT_EQ(outcome.error().message.find('\n'), std::string::npos);
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(RunnerProgramTest, TooShortATimeEndsTheRunAndLeavesNothing)
{
    const test::TemporaryFolder folder;
    auto request = exampleRequest(folder / "a.h5");
    request.repeat = 1'000'000;
    const auto outcome = RunnerClient(RUNNER).run(request, {}, std::chrono::seconds(1));

    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().message, ::testing::HasSubstr("longer than 1 s"));
    EXPECT_TRUE(fs::is_empty(folder.path()));
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

TEST(RunnerProgramTest, WhatWasCapturedBeforeTheTimeRanOutIsKeptAndMarked)
{
    const test::TemporaryFolder folder;
    auto request = exampleRequest(folder / "a.h5");
    request.repeat = 1'000'000;
    request.keepPartial = true;
    const auto outcome = RunnerClient(RUNNER).run(request, {}, std::chrono::seconds(2));

    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().message, ::testing::HasSubstr("longer than 2 s"));
    EXPECT_THAT(outcome.error().message, ::testing::HasSubstr("marked as partial"));
    expectPartial(request.output, "the dump is partial");
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

/// Kills the only child of this process once `isTime` says so.
std::thread killerWhen(std::function<bool()> isTime)
{
    return std::thread([self = ::getpid(), isTime = std::move(isTime)] {
        const std::string list = fmt::format("/proc/{}/task/{}/children", self, self);
        pid_t child = 0;
        while (child == 0 || !isTime()) {
            std::ifstream(list) >> child;
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        ::kill(child, SIGKILL);
    });
}

TEST(RunnerProgramTest, ARunnerThatIsKilledIsNamedAndLeavesNothing)
{
    const test::TemporaryFolder folder;
    auto request = exampleRequest(folder / "a.h5");
    request.repeat = 1'000'000;
    std::thread killer = killerWhen([] { return true; });
    const auto outcome = RunnerClient(RUNNER).run(request, {}, std::chrono::seconds(60));
    killer.join();

    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().message, ::testing::HasSubstr("killed by signal 9"));
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(RunnerProgramTest, WhatAKilledRunnerHadCapturedIsKeptAndMarked)
{
    const test::TemporaryFolder folder;
    auto request = exampleRequest(folder / "a.h5");
    request.inputs.samples = 8;
    request.repeat = 1'000'000;
    request.keepPartial = true;
    std::thread killer = killerWhen([&folder] {
        for (const auto &file : fs::recursive_directory_iterator(folder.path())) {
            if (file.path().extension() == ".syncpoint-tmp" &&
                test::readFile(file).starts_with("\x89HDF")) {
                return true;
            }
        }
        return false;
    });
    const auto outcome = RunnerClient(RUNNER).run(request, {}, std::chrono::seconds(60));
    killer.join();

    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().message, ::testing::HasSubstr("killed by signal 9"));
    EXPECT_THAT(outcome.error().message, ::testing::HasSubstr("marked as partial"));
    expectPartial(request.output, "did not come to its end");
}

TEST(RunnerProgramTest, TheRunnerEndsWithItsParent)
{
    // A parent in between starts a runner that waits for its request, and ends.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        const std::string self = std::to_string(::getpid());
        if (::fork() == 0) {
            ::dup2(ends[0], STDIN_FILENO); // never written to, never at its end
            ::execl(RUNNER, RUNNER, "--parent", self.c_str(), nullptr);
            ::_exit(9);
        }
        ::usleep(300'000);
        ::_exit(0);
    }
    ::waitpid(parent, nullptr, 0);
    int status = 0;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    pid_t orphan = 0;
    while (orphan == 0 && std::chrono::steady_clock::now() < deadline) {
        orphan = ::waitpid(-1, &status, WNOHANG);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ::close(ends[0]);
    ::close(ends[1]);
    ASSERT_GT(orphan, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 2);
}
} // namespace
} // namespace syncpoint
