#include "core/launch/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace syncpoint {

namespace {
void closeFile(int &file)
{
    if (file >= 0) {
        ::close(file);
        file = -1;
    }
}

/// Two connected ends that no other child inherits. Numbers below 3 are avoided: in a process
/// without standard streams they would be overwritten while the child's own are put in place.
struct Channel
{
    int ours = -1;
    int theirs = -1;

    Channel() = default;
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;
    ~Channel()
    {
        closeFile(ours);
        closeFile(theirs);
    }
    bool open()
    {
        // A socket rather than a pipe: writing to a dead child can be told not to raise SIGPIPE.
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            return false;
        }
        ours = ::fcntl(ends[0], F_DUPFD_CLOEXEC, 3);
        theirs = ::fcntl(ends[1], F_DUPFD_CLOEXEC, 3);
        ::close(ends[0]);
        ::close(ends[1]);
        return ours >= 0 && theirs >= 0 && ::fcntl(ours, F_SETFL, O_NONBLOCK) == 0;
    }
    int takeOurs() { return std::exchange(ours, -1); }
};

/// posix_spawn's settings, freed in every case.
struct SpawnSettings
{
    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};

    SpawnSettings()
    {
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawnattr_init(&attributes);
    }
    SpawnSettings(const SpawnSettings &) = delete;
    SpawnSettings &operator=(const SpawnSettings &) = delete;
    ~SpawnSettings()
    {
        ::posix_spawn_file_actions_destroy(&files);
        ::posix_spawnattr_destroy(&attributes);
    }
    /// Default signal handling, and an own group so that Ctrl-C reaches only us: we then stop the
    /// child in order.
    void isolate()
    {
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP);
    }
};

Error cannotStart(const std::filesystem::path &program, int code)
{
    return {ErrorCode::Runtime,
            fmt::format("cannot start {}: {}", program.string(), std::strerror(code))};
}
} // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const std::filesystem::path &program,
                                                          const std::vector<std::string> &arguments)
{
    std::array<Channel, 3> channels;
    SpawnSettings settings;
    settings.isolate();
    for (int stream = 0; stream < 3; ++stream) {
        Channel &channel = channels[static_cast<std::size_t>(stream)];
        if (!channel.open()) {
            return cannotStart(program, errno);
        }
        ::posix_spawn_file_actions_adddup2(&settings.files, channel.theirs, stream);
    }
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char *> argv;
    for (std::string &word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);

    std::unique_ptr<ChildProcess> child(new ChildProcess);
    const int failed = ::posix_spawn(&child->m_pid, program.c_str(), &settings.files,
                                     &settings.attributes, argv.data(), environ);
    if (failed != 0) {
        child->m_pid = -1;
        return cannotStart(program, failed);
    }
    child->m_pidFile = static_cast<int>(::syscall(SYS_pidfd_open, child->m_pid, 0));
    child->m_input = channels[0].takeOurs();
    child->m_output.file = channels[1].takeOurs();
    child->m_errors.file = channels[2].takeOurs();
    return child;
}

ChildProcess::~ChildProcess()
{
    kill();
    closeFile(m_input);
    closeFile(m_output.file);
    closeFile(m_errors.file);
    closeFile(m_pidFile);
}

void ChildProcess::setInput(std::string text)
{
    m_pending = std::move(text);
    feed();
}

void ChildProcess::feed()
{
    while (m_input >= 0 && !m_pending.empty()) {
        const ssize_t sent = ::send(m_input, m_pending.data(), m_pending.size(), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        if (sent < 0) {
            break; // the child is gone or does not listen; its exit says why
        }
        m_pending.erase(0, static_cast<std::size_t>(sent));
    }
    closeFile(m_input);
}

bool ChildProcess::drain(Stream &stream)
{
    // One block per turn, so that a child that never stops writing cannot keep us from noticing
    // that it should be stopped.
    std::array<char, 1U << 16U> block{};
    const ssize_t count = stream.file < 0 ? 0 : ::read(stream.file, block.data(), block.size());
    if (count > 0) {
        stream.text.append(block.data(), static_cast<std::size_t>(count));
        return true;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    closeFile(stream.file);
    return false;
}

void ChildProcess::poll(std::chrono::milliseconds patience)
{
    if (m_exit) {
        return;
    }
    constexpr std::chrono::milliseconds kWithoutPidFile{5};
    const auto wait = m_pidFile >= 0 ? patience : std::min(patience, kWithoutPidFile);
    std::array<pollfd, 4> files{{{m_input, POLLOUT, 0},
                                 {m_output.file, POLLIN, 0},
                                 {m_errors.file, POLLIN, 0},
                                 {m_pidFile, POLLIN, 0}}}; // poll() skips negative numbers
    ::poll(files.data(), files.size(), static_cast<int>(wait.count()));
    if (files[0].revents != 0) {
        feed();
    }
    const bool wrote = files[1].revents != 0 && drain(m_output);
    const bool complained = files[2].revents != 0 && drain(m_errors);
    if (!wrote && !complained) {
        reap(false);
    }
}

void ChildProcess::reap(bool wait)
{
    int status = 0;
    pid_t ended = -1;
    do {
        ended = ::waitpid(m_pid, &status, wait ? 0 : WNOHANG);
    } while (ended < 0 && errno == EINTR);
    if (ended == 0) {
        return;
    }
    // What it wrote right before its end. Bounded: something it started may go on writing.
    for (int block = 0; block < 1024 && drain(m_output); ++block) {
    }
    for (int block = 0; block < 64 && drain(m_errors); ++block) {
    }
    m_exit = Exit{};
    if (ended == m_pid && WIFEXITED(status)) {
        m_exit->code = WEXITSTATUS(status);
    } else if (ended == m_pid && WIFSIGNALED(status)) {
        m_exit->signal = WTERMSIG(status);
    } else {
        m_exit->code = -1; // somebody else reaped it
    }
}

void ChildProcess::terminate()
{
    if (m_pid > 0 && !m_exit) {
        ::kill(m_pid, SIGTERM);
    }
}

void ChildProcess::kill()
{
    if (m_pid > 0 && !m_exit) {
        ::kill(-m_pid, SIGKILL);
        ::kill(m_pid, SIGKILL); // in case it has not reached its own group yet
        reap(true);
    }
}

} // namespace syncpoint
