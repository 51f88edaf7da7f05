#include "core/formats/hdf5/trial.h"

#include "core/formats/hdf5/handle.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace syncpoint::hdf5 {
namespace {

/// Dies quietly and at once when the library crashes, and after `seconds` when it loops.
void prepareCopy(std::uint64_t seconds)
{
    for (const int signal :
         std::array{SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL, SIGXCPU, SIGALRM}) {
        static_cast<void>(std::signal(signal, SIG_DFL));
    }
    const rlimit noCore{0, 0};
    static_cast<void>(::setrlimit(RLIMIT_CORE, &noCore));
    const rlimit time{seconds, seconds};
    static_cast<void>(::setrlimit(RLIMIT_CPU, &time));
    // A copy that waits for something only the other threads could give uses no processor time.
    ::alarm(static_cast<unsigned>(seconds * 8));
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) {
        static_cast<void>(::dup2(nowhere, STDERR_FILENO));
    }
}

} // namespace

Result<void> tryInCopy(const std::function<void()> &attempt, std::uint64_t seconds)
{
    pid_t copy = -1;
    {
        // Held while forking, so that the copy finds the library between two calls; both processes
        // then release their own.
        const LibraryLock lock;
        copy = ::fork();
    }
    if (copy < 0) { // no process to spare: the file is tried without a net
        return {};
    }
    if (copy == 0) {
        prepareCopy(seconds);
        try {
            attempt();
        } catch (...) { // running out of memory is handled in the real attempt
            ::_exit(0);
        }
        ::_exit(0);
    }
    int status = 0;
    while (::waitpid(copy, &status, 0) < 0) {
        if (errno != EINTR) {
            return {};
        }
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return {};
    }
    return Error{ErrorCode::BadFormat,
                 "the HDF5 file is damaged in a way that makes the HDF5 library fail"};
}

} // namespace syncpoint::hdf5
