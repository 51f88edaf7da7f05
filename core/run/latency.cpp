#include "core/run/latency.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace syncpoint {

LatencySummary summarizeLatency(std::vector<double> times)
{
    assert(!times.empty());
    std::sort(times.begin(), times.end());
    const auto percentile = [&](double share) {
        const double place = share * static_cast<double>(times.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const auto above = std::min(below + 1, times.size() - 1);
        return std::lerp(times[below], times[above], place - static_cast<double>(below));
    };
    const auto count = static_cast<double>(times.size());
    LatencySummary summary;
    summary.runs = times.size();
    summary.p50 = percentile(0.50);
    summary.p90 = percentile(0.90);
    summary.p95 = percentile(0.95);
    summary.p99 = percentile(0.99);
    summary.min = times.front();
    summary.max = times.back();
    summary.mean = std::accumulate(times.begin(), times.end(), 0.0) / count;
    double squares = 0.0;
    for (const double time : times) {
        squares += (time - summary.mean) * (time - summary.mean);
    }
    summary.stdev = times.size() > 1 ? std::sqrt(squares / (count - 1.0)) : 0.0;
    return summary;
}

} // namespace syncpoint
