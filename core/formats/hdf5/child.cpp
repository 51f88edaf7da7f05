#include "core/formats/hdf5/child.h"

#include "core/formats/hdf5/handle.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace syncpoint::hdf5 {
namespace {

constexpr std::uint64_t kMostMemory = std::uint64_t{768} << 20U; // on top of what the parent has
constexpr std::size_t kMostOutput = std::size_t{256} << 20U;
constexpr int kNoMemory = 3; // exit code of the child

void limitTo(auto resource, rlim_t soft, rlim_t hard)
{
    const rlimit limit{soft, hard};
    static_cast<void>(::setrlimit(resource, &limit));
}

/// Bytes of address space in use; nothing when the system does not tell.
std::optional<std::uint64_t> addressSpace()
{
    std::array<char, 64> text{};
    const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    const ssize_t size = file < 0 ? -1 : ::read(file, text.data(), text.size());
    ::close(file);
    std::uint64_t pages = 0;
    if (size <= 0 || std::from_chars(text.data(), text.data() + size, pages).ec != std::errc{}) {
        return std::nullopt;
    }
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// The child then dies quietly and at once when the library crashes, loops or takes all memory, and
/// holds nothing open that belongs to others, such as the input of a process just being started.
void prepareChild(int output, std::chrono::seconds time)
{
    for (const int signal :
         std::array{SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL, SIGXCPU, SIGALRM, SIGPIPE}) {
        static_cast<void>(std::signal(signal, SIG_DFL));
    }
    sigset_t none;
    ::sigemptyset(&none);
    static_cast<void>(::pthread_sigmask(SIG_SETMASK, &none, nullptr));
    const auto seconds = static_cast<rlim_t>(time.count());
    limitTo(RLIMIT_CORE, 0, 0);
    limitTo(RLIMIT_CPU, seconds, seconds + 1);
    if (const auto used = addressSpace()) {
        limitTo(RLIMIT_AS, *used + kMostMemory, *used + kMostMemory);
    }
    // A child that waits for something only the other threads could give uses no processor time.
    ::alarm(static_cast<unsigned>(seconds * 8));
    const int nowhere = ::open("/dev/null", O_WRONLY);
    static_cast<void>(::dup2(nowhere, STDERR_FILENO));
    static_cast<void>(::dup2(output, STDOUT_FILENO));
    static_cast<void>(::close_range(STDERR_FILENO + 1, ~0U, 0));
}

[[noreturn]] void runChild(const std::function<std::string()> &work)
{
    try {
        const std::string text = work();
        for (std::size_t sent = 0; sent < text.size();) {
            const ssize_t now = ::write(STDOUT_FILENO, text.data() + sent, text.size() - sent);
            if (now < 0 && errno != EINTR) {
                ::_exit(1);
            }
            sent += static_cast<std::size_t>(std::max<ssize_t>(now, 0));
        }
    } catch (const std::exception &) { // of what the standard library throws, only memory is left
        ::_exit(kNoMemory);
    }
    ::_exit(0); // no clean-up: it crashes after a damaged file
}

/// All that the child writes until it ends; nothing when the job was cancelled or it is too much.
std::optional<std::string> readAll(int input, const JobContext &job)
{
    constexpr int kPatience = 50; // milliseconds
    std::string text;
    std::array<char, 65536> part; // NOLINT: filled by read()
    while (text.size() <= kMostOutput && !job.isCancelled()) {
        pollfd ready{input, POLLIN, 0};
        if (::poll(&ready, 1, kPatience) <= 0) {
            continue;
        }
        const ssize_t size = ::read(input, part.data(), part.size());
        if (size == 0 || (size < 0 && errno != EINTR)) {
            return text;
        }
        text.append(part.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    }
    return std::nullopt;
}

std::string sentenceFor(int status, std::chrono::seconds time)
{
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (signal == SIGXCPU || signal == SIGALRM) {
        return fmt::format("the HDF5 file is damaged: the HDF5 library does not come to an end on "
                           "it within {} s",
                           time.count());
    }
    return "the HDF5 file is damaged in a way that makes the HDF5 library crash";
}

} // namespace

Result<std::string> outputOfChild(const std::function<std::string()> &work,
                                  std::chrono::seconds time, const JobContext &job)
{
    std::array<int, 2> ends{-1, -1};
    pid_t child = -1;
    {
        // Held while forking, so that the child finds the library between two calls of a writer.
        const LibraryLock lock;
        if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
            child = ::fork();
        }
        if (child == 0) {
            prepareChild(ends[1], time);
            runChild(work);
        }
        ::close(ends[1]); // before another child could inherit it and keep it open
    }
    if (child < 0) {
        ::close(ends[0]);
        return Error{ErrorCode::Runtime, "no process can be started to read the HDF5 file"};
    }
    auto text = readAll(ends[0], job);
    ::close(ends[0]);
    if (!text) {
        static_cast<void>(::kill(child, SIGKILL));
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (job.isCancelled()) {
        return JobContext::cancelledError();
    }
    if (!text || (WIFEXITED(status) && WEXITSTATUS(status) == kNoMemory)) {
        return Error{ErrorCode::Limit, "not enough memory for what the file describes"};
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return Error{ErrorCode::BadFormat, sentenceFor(status, time)};
    }
    return std::move(*text);
}

} // namespace syncpoint::hdf5
