#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <spawn.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {
namespace fs = std::filesystem;

std::string readText(const fs::path &path)
{
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string withoutNewline(std::string text)
{
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    return text;
}

std::vector<std::string> caseNames()
{
    std::vector<std::string> names;
    for (const auto &entry : fs::directory_iterator(E2E_CASES)) {
        if (entry.is_directory()) {
            names.push_back(entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

struct Outcome
{
    int exitCode = -1; ///< −1: ended by a signal
    std::string standardError;
};

Outcome runTool(const std::vector<std::string> &arguments, const fs::path &errors)
{
    std::vector<char *> argv;
    std::string program = CLI;
    argv.push_back(program.data());
    std::vector<std::string> copies = arguments;
    for (std::string &argument : copies) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child = 0;
    const int started = ::posix_spawn(&child, CLI, &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    EXPECT_EQ(started, 0) << std::strerror(started);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, readText(errors)};
}

/// Each folder of tests/e2e: `command` (arguments; {CASE}, {TMP}, {EXAMPLE} stand for folders),
/// `expected_exit`, optionally `expected_stderr` (a part of it) and `needs_runner`.
class CliTest : public ::testing::TestWithParam<std::string>
{
protected:
    CliTest()
    {
        std::string pattern = (fs::temp_directory_path() / "syncpoint-e2e-XXXXXX").string();
        scratch = ::mkdtemp(pattern.data());
        fs::create_directory(scratch / "out");
    }
    ~CliTest() override
    {
        std::error_code ignored;
        fs::remove_all(scratch, ignored);
    }

    std::vector<std::string> arguments(const fs::path &folder) const
    {
        std::istringstream words(readText(folder / "command"));
        std::vector<std::string> out;
        for (std::string word; words >> word;) {
            const std::array<std::pair<std::string, std::string>, 3> places{
                {{"{CASE}", folder.string()},
                 {"{TMP}", (scratch / "out").string()},
                 {"{EXAMPLE}", EXAMPLE}}};
            for (const auto &[place, text] : places) {
                if (const auto at = word.find(place); at != std::string::npos) {
                    word.replace(at, place.size(), text);
                }
            }
            out.push_back(word);
        }
        return out;
    }

    fs::path scratch;
};

TEST_P(CliTest, EndsAsTheCaseSays)
{
    const fs::path folder = fs::path(E2E_CASES) / GetParam();
    if (fs::exists(folder / "needs_runner") && WITH_RUNTIME == 0) {
        GTEST_SKIP() << "built without ONNX Runtime: models cannot be run";
    }

    const Outcome outcome = runTool(arguments(folder), scratch / "stderr");

    const int expected = std::stoi(readText(folder / "expected_exit"));
    EXPECT_EQ(outcome.exitCode, expected) << outcome.standardError;
    EXPECT_NE(outcome.standardError.find(withoutNewline(readText(folder / "expected_stderr"))),
              std::string::npos)
        << outcome.standardError;
    if (expected == 2 || expected == 3) {
        EXPECT_NE(outcome.standardError.find("syncpoint-cli: error: "), std::string::npos);
        EXPECT_TRUE(fs::is_empty(scratch / "out")) << "something was left half-written";
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, CliTest, ::testing::ValuesIn(caseNames()),
                         [](const auto &one) { return one.param; });

} // namespace
