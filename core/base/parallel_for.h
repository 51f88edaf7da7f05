#pragma once
#include <cstddef>
#include <functional>

namespace syncpoint {

/// Calls `body(i)` for every i in [0, count) on the process's worker threads and waits for all.
/// Results go in by index, so any number of threads gives the same bytes. `body` must not throw.
void parallelFor(std::size_t count, const std::function<void(std::size_t)> &body);

/// Limits the worker threads for as long as it lives; 0 means all cores.
class ThreadLimit
{
public:
    explicit ThreadLimit(std::size_t threads);
    ~ThreadLimit();
    ThreadLimit(const ThreadLimit &) = delete;
    ThreadLimit &operator=(const ThreadLimit &) = delete;

private:
    void *m_control = nullptr;
};

} // namespace syncpoint
