#include "app/cli/interrupt.h"

#include <csignal>

namespace syncpoint {

namespace {
// A signal handler has no other way to reach its target; set once, before the handler is installed.
CancelToken &target()
{
    static CancelToken token;
    return token;
}

void onSignal(int)
{
    target().cancel(); // one atomic store: safe in a handler
}
} // namespace

void cancelOnInterrupt(const CancelToken &token)
{
    target() = token;
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN); // a closed pipe is a failed write, not a silent death
}

} // namespace syncpoint
