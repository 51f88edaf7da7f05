#include "core/base/parallel_for.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

namespace syncpoint {

void parallelFor(std::size_t count, const std::function<void(std::size_t)> &body)
{
    tbb::parallel_for(std::size_t{0}, count, [&body](std::size_t i) { body(i); });
}

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
