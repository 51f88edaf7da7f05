#include "core/launch/runner_client.h"
#include "core/launch/child_process.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPatience{50}; // half of the promised reaction to a cancel
constexpr std::chrono::milliseconds kGrace{2000};  // to complete a partial dump
constexpr std::size_t kMaxLine = std::size_t{16} << 20U;
constexpr std::size_t kKeptErrors = 4096;
constexpr std::size_t kShownErrorLines = 3;

/// A private folder beside the output in which the runner works, so that nothing is left however it
/// ends.
class WorkFolder
{
public:
    static Result<std::unique_ptr<WorkFolder>> create(const fs::path &output)
    {
        std::string pattern = output.string() + ".syncpoint-tmp.XXXXXX";
        std::error_code ignored;
        errno = fs::is_directory(output, ignored) ? EISDIR : 0;
        if (errno != 0 || ::mkdtemp(pattern.data()) == nullptr) {
            return Error{ErrorCode::Io,
                         fmt::format("cannot write {}: {}", output.string(), std::strerror(errno))};
        }
        return std::unique_ptr<WorkFolder>(new WorkFolder(pattern));
    }
    WorkFolder(const WorkFolder &) = delete;
    WorkFolder &operator=(const WorkFolder &) = delete;
    ~WorkFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    const fs::path &path() const { return m_path; }

private:
    explicit WorkFolder(fs::path path) : m_path(std::move(path)) {}
    fs::path m_path;
};

Result<void> moveTo(const fs::path &from, const fs::path &target)
{
    std::error_code error;
    fs::rename(from, target, error);
    if (error) {
        return Error{ErrorCode::Io,
                     fmt::format("cannot write {}: {}", target.string(), error.message())};
    }
    return {};
}

std::string lastLines(std::string_view text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    std::size_t start = text.size();
    for (std::size_t line = 0; line < kShownErrorLines && start != 0; ++line) {
        const auto before = text.rfind('\n', start - 1);
        start = before == std::string_view::npos ? 0 : before;
    }
    std::string shown(text.substr(start));
    for (char &letter : shown) {
        if (static_cast<unsigned char>(letter) < ' ' || letter == '\x7f') {
            letter = ' ';
        }
    }
    const auto first = shown.find_first_not_of(' ');
    return first == std::string::npos ? std::string() : shown.substr(first);
}

/// Follows one child from its start to its end.
class Follower
{
public:
    Follower(ChildProcess &child, const RunRequest &request, const JobContext &job)
        : m_child(child), m_request(request), m_job(job)
    {
    }

    Result<RunOutcome> follow(std::chrono::milliseconds timeout)
    {
        const auto start = std::chrono::steady_clock::now();
        while (!m_child.exit()) {
            m_child.poll(kPatience);
            if (m_job.isCancelled()) {
                letFinish();
                return JobContext::cancelledError();
            }
            if (timeout.count() > 0 && std::chrono::steady_clock::now() - start > timeout) {
                letFinish();
                return failure(fmt::format("was stopped because it took longer than {:.4g} s",
                                           std::chrono::duration<double>(timeout).count()));
            }
            if (auto taken = takeLines(); !taken) {
                return failure(taken.error().message);
            }
            std::string &errors = m_child.errors();
            errors.erase(0, errors.size() - std::min(errors.size(), kKeptErrors));
        }
        return verdict(*m_child.exit());
    }

private:
    /// Gives the child a moment to complete a partial dump.
    void letFinish()
    {
        if (!m_request.keepPartial) {
            return;
        }
        m_child.terminate();
        const auto deadline = std::chrono::steady_clock::now() + kGrace;
        while (!m_child.exit() && std::chrono::steady_clock::now() < deadline) {
            m_child.poll(kPatience);
        }
    }

    Result<void> takeLines()
    {
        std::string &text = m_child.output();
        std::size_t start = 0;
        for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
            auto message = runnerMessageFromLine(std::string_view(text).substr(start, end - start));
            if (!message) {
                return Error{ErrorCode::Runtime, "broke the protocol: " + message.error().message};
            }
            take(*std::move(message));
            start = end + 1;
        }
        text.erase(0, start);
        if (text.size() > kMaxLine) {
            return Error{ErrorCode::Runtime, "broke the protocol: a line has no end"};
        }
        return {};
    }

    void take(RunnerMessage message)
    {
        if (auto *progress = std::get_if<JobContext::Snapshot>(&message)) {
            const auto known = m_job.progress();
            if (known.stage != progress->stage || known.total != progress->total ||
                known.done > progress->done) {
                m_job.beginStage(progress->stage, progress->total);
            }
            m_job.advance(progress->done - m_job.progress().done);
        } else if (auto *outcome = std::get_if<RunOutcome>(&message)) {
            m_outcome = std::move(*outcome);
        } else {
            m_error = std::get<Error>(std::move(message));
        }
    }

    Result<RunOutcome> verdict(const ChildProcess::Exit &exit)
    {
        if (m_error) {
            return *m_error;
        }
        if (exit.signal != 0) {
            return failure(fmt::format("was killed by signal {} ({}){}", exit.signal,
                                       describe(exit.signal), hint(exit.signal)));
        }
        if (!m_outcome || exit.code != 0) {
            return failure(fmt::format("ended with exit code {} and no result", exit.code));
        }
        return *std::move(m_outcome);
    }

    static std::string describe(int signal)
    {
        const char *name = ::sigdescr_np(signal);
        std::string text = name != nullptr ? name : "unknown";
        text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
        return text;
    }

    static std::string_view hint(int signal)
    {
        return signal == SIGKILL ? ", which is what the system does when memory runs out" : "";
    }

    Error failure(std::string_view what) const
    {
        std::string text =
            fmt::format("syncpoint-runner {} while running {}", what, m_request.model.string());
        const std::string &errors = m_child.errors();
        if (errors.find("bad_alloc") != std::string::npos) {
            text += "; there was not enough memory";
        }
        if (const std::string shown = lastLines(errors); !shown.empty()) {
            text += "; its last words: " + shown;
        }
        return {ErrorCode::Runtime, std::move(text)};
    }

    ChildProcess &m_child;
    const RunRequest &m_request;
    const JobContext &m_job;
    std::optional<RunOutcome> m_outcome;
    std::optional<Error> m_error;
};

/// Messages name the file that the user asked for, not the one in the work folder.
std::string withoutFolder(std::string text, const fs::path &inside, const fs::path &target)
{
    const std::string hidden = inside.string();
    for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at)) {
        text.replace(at, hidden.size(), target.string());
        at += target.string().size();
    }
    return text;
}

fs::path besideOutput(const fs::path &output)
{
    return output.string() + ".onnx";
}

/// The dump that a runner which was killed was writing; empty when nothing of it can be read yet.
fs::path unfinishedDump(const fs::path &folder)
{
    std::error_code ignored;
    for (const auto &entry : fs::directory_iterator(folder, ignored)) {
        std::array<char, 4> start{};
        if (entry.path().extension() == ".syncpoint-tmp" &&
            std::ifstream(entry.path(), std::ios::binary).read(start.data(), start.size()) &&
            std::string_view(start.data(), start.size()) == "\x89HDF") {
            return entry.path();
        }
    }
    return {};
}

/// Moves what the runner left of a run that failed; false when it left nothing.
bool movePartial(const fs::path &inside, const fs::path &target)
{
    std::error_code ignored;
    const fs::path left =
        fs::exists(inside, ignored) ? inside : unfinishedDump(inside.parent_path());
    if (left.empty() || !moveTo(left, target)) {
        return false;
    }
    if (fs::exists(besideOutput(inside), ignored)) {
        static_cast<void>(moveTo(besideOutput(inside), besideOutput(target)));
    }
    return true;
}
} // namespace

Result<fs::path> RunnerClient::findRunner()
{
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        fs::path beside = self.parent_path() / "syncpoint-runner";
        if (::access(beside.c_str(), X_OK) == 0) {
            return beside;
        }
    }
    if (const char *named = std::getenv("SYNCPOINT_RUNNER"); named != nullptr && *named != '\0') {
        if (::access(named, X_OK) == 0) {
            return fs::path(named);
        }
        return Error{ErrorCode::Unsupported,
                     fmt::format("SYNCPOINT_RUNNER names {}, which cannot be started", named)};
    }
    return Error{ErrorCode::Unsupported,
                 "models cannot be run: syncpoint-runner is neither beside this program nor named "
                 "by SYNCPOINT_RUNNER; compare dumps instead, or build with ONNX Runtime"};
}

Result<RunOutcome> RunnerClient::run(const RunRequest &request, const JobContext &job,
                                     std::chrono::milliseconds timeout) const
{
    const auto folder = WorkFolder::create(request.output);
    if (!folder) {
        return folder.error();
    }
    RunRequest inside = request;
    inside.output = (*folder)->path() / request.output.filename();
    auto child = ChildProcess::start(m_program, {"--parent", std::to_string(::getpid())});
    if (!child) {
        return child.error();
    }
    (*child)->setInput(toJson(inside));
    auto outcome = Follower(**child, request, job).follow(timeout);
    (*child)->kill(); // before its folder goes
    if (!outcome) {
        const bool isKept = request.keepPartial && movePartial(inside.output, request.output);
        return Error{outcome.error().code,
                     withoutFolder(outcome.error().message, inside.output, request.output) +
                         (isKept ? fmt::format("; what was captured until then is in {}, marked as "
                                               "partial",
                                               request.output.string())
                                 : std::string())};
    }
    for (Diagnostic &diagnostic : outcome->diagnostics) {
        diagnostic.where = withoutFolder(diagnostic.where, inside.output, request.output);
        diagnostic.text = withoutFolder(diagnostic.text, inside.output, request.output);
    }
    if (!outcome->optimizedModel.empty()) {
        if (auto moved = moveTo(besideOutput(inside.output), besideOutput(request.output));
            !moved) {
            return moved.error();
        }
    }
    if (auto moved = moveTo(inside.output, request.output); !moved) {
        return moved.error();
    }
    return outcome;
}

} // namespace syncpoint
