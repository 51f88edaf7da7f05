#pragma once
#include <functional>
#include <string>
#include <vector>

namespace syncpoint::bench {

struct Timed
{
    std::string name;
    std::function<void()> body;
    std::function<void()> after = {}; ///< clears up, which is not timed
};

/// Seconds of the fastest run of each, measured with Google Benchmark in `rounds` that take turns,
/// so that a busy machine slows all of them.
std::vector<double> fastestSeconds(const std::vector<Timed> &candidates, int rounds);

/// Keeps the compiler from dropping the computation of `value`.
void keep(double value);

} // namespace syncpoint::bench
