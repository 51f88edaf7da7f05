#include "core/base/parallel_for.h"

#include <algorithm>
#include <atomic>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <thread>
#include <vector>

namespace syncpoint {

#ifdef __SANITIZE_THREAD__
// The system's TBB is built without the sanitizer, which then takes all that its threads do for
// races.
void parallelFor(std::size_t count, const std::function<void(std::size_t)> &body)
{
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(2U, std::thread::hardware_concurrency()); ++i) {
        threads.emplace_back([&] {
            for (std::size_t at = next++; at < count; at = next++) {
                body(at);
            }
        });
    }
}
#else
void parallelFor(std::size_t count, const std::function<void(std::size_t)> &body)
{
    tbb::parallel_for(std::size_t{0}, count, [&body](std::size_t i) { body(i); });
}
#endif

ThreadLimit::ThreadLimit(std::size_t threads)
{
    if (threads > 0) {
        m_control = new tbb::global_control(tbb::global_control::max_allowed_parallelism, threads);
    }
}

ThreadLimit::~ThreadLimit()
{
    delete static_cast<tbb::global_control *>(m_control);
}

} // namespace syncpoint
